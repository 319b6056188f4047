// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: netlink: nla_strlcpy() is the older nla_strscpy()
 *
 * Linux 5.10 has nla_strlcpy(), 6.1 the new one. They return other values, so
 * only calls whose value nobody asks for are changed.
 * ---
 * Bridge: nla_strscpy -> nla_strlcpy/3
 * Bridge-back: swap
 */
@@
expression D, A, N;
@@
- nla_strscpy(D, A, N);
+ nla_strlcpy(D, A, N);
