// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: string: strscpy() takes the size
 *
 * Linux 6.12 finds the size of an array by itself; 6.1 and 5.10 are told.
 * ---
 * Bridge: strscpy/2 -> strscpy/3
 * Bridge-check: !__strscpy0
 * Bridge-back: swap
 */
@@
expression D, S;
@@
- strscpy(D, S)
+ strscpy(D, S, sizeof(D))
