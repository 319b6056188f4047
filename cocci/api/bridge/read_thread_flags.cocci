// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: thread_info: read the flags by hand
 *
 * Linux 6.1 has read_thread_flags(), 5.10 spells it out.
 * ---
 * Bridge: read_thread_flags -> current_thread_info
 * Bridge-back: swap
 */
@@ @@
- read_thread_flags()
+ READ_ONCE(current_thread_info()->flags)
