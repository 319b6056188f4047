// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: kthread: complete_and_exit() is the older name of kthread_complete_and_exit()
 *
 * Linux 5.10 has complete_and_exit(), 6.1 has the new name.
 * ---
 * Bridge: kthread_complete_and_exit -> complete_and_exit/2
 * Bridge-back: swap
 */
@@
expression A, B;
@@
- kthread_complete_and_exit(A, B)
+ complete_and_exit(A, B)
