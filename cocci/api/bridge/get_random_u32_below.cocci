// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: random: prandom_u32_max() is the older name of get_random_u32_below()
 *
 * Linux 5.10 has prandom_u32_max() alone, 6.1 has both, 6.12 the new one alone.
 * ---
 * Bridge: get_random_u32_below -> prandom_u32_max/1
 * Bridge-back: swap
 */
@@
expression A;
@@
- get_random_u32_below(A)
+ prandom_u32_max(A)
