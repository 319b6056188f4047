// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: timers: del_timer() is the older name of timer_delete()
 *
 * Linux 5.10 has del_timer() alone; 6.1 has both, and timer_delete() is the
 * function there.
 * ---
 * Bridge: timer_delete -> del_timer/1
 * Bridge-back: swap
 */
@@
expression A;
@@
- timer_delete(A)
+ del_timer(A)
