// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: net: add up the length of a TCP packet's headers by hand
 *
 * Linux 6.1 has skb_tcp_all_headers(), 5.10 spells it out.
 * ---
 * Bridge: skb_tcp_all_headers -> skb_transport_offset/1
 * Bridge-check: tcp_hdrlen/1
 */
@@
expression A, S;
@@
(
- A = skb_tcp_all_headers(S)
+ A = skb_transport_offset(S) + tcp_hdrlen(S)
|
- skb_tcp_all_headers(S)
+ (skb_transport_offset(S) + tcp_hdrlen(S))
)
