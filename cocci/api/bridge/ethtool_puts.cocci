// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: ethtool: print a string by its format
 *
 * Linux 6.12 has ethtool_puts(); 6.1 has ethtool_sprintf() alone.
 * ---
 * Bridge: ethtool_puts -> ethtool_sprintf
 * Bridge-back: swap
 */
@@
expression D, S;
@@
- ethtool_puts(D, S)
+ ethtool_sprintf(D, "%s", S)
