// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: net: netif_napi_add() takes the weight
 *
 * Linux 6.1 has netif_napi_add_weight() for other weights than the usual one;
 * 5.10 is told that one too.
 * ---
 * Bridge: netif_napi_add/3 -> netif_napi_add/4
 * Bridge-check: !netif_napi_add_weight
 * Bridge-back: swap
 */
@@
expression D, N, P;
@@
- netif_napi_add(D, N, P)
+ netif_napi_add(D, N, P, NAPI_POLL_WEIGHT)
