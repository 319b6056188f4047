// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: timers: from_timer() is the older name of timer_container_of()
 *
 * Linux 6.12 and older ones have from_timer(); 6.18 has timer_container_of().
 * ---
 * Bridge: timer_container_of -> from_timer
 * Bridge-back: swap
 */
@@
expression A, B;
identifier C;
@@
- timer_container_of(A, B, C)
+ from_timer(A, B, C)
