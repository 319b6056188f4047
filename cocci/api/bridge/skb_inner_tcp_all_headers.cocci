// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: net: add up the length of the inner headers by hand
 *
 * Linux 6.1 has skb_inner_tcp_all_headers(), 5.10 spells it out.
 * ---
 * Bridge: skb_inner_tcp_all_headers -> inner_tcp_hdrlen/1
 * Bridge-check: skb_inner_transport_offset
 */
@@
expression A, S;
@@
(
- A = skb_inner_tcp_all_headers(S)
+ A = skb_inner_transport_offset(S) + inner_tcp_hdrlen(S)
|
- skb_inner_tcp_all_headers(S)
+ (skb_inner_transport_offset(S) + inner_tcp_hdrlen(S))
)
