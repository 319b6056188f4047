// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: net: build an skb without the NAPI cache
 *
 * Linux 6.1 has napi_build_skb(), which is build_skb() with a cache; 5.10 has
 * build_skb() alone.
 * ---
 * Bridge: napi_build_skb -> build_skb/2
 * Bridge-back: swap
 */
@@
expression A, B;
@@
- napi_build_skb(A, B)
+ build_skb(A, B)
