// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	n = skb_tcp_all_headers(skb);
	use(2 * skb_tcp_all_headers(skb));
}
