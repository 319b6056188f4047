// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	n = skb_transport_offset(skb) + tcp_hdrlen(skb);
	use(2 * (skb_transport_offset(skb) + tcp_hdrlen(skb)));
}
