// SPDX-License-Identifier: GPL-2.0-only
/* skb_inner_tcp_all_headers() is told of here */
static const char name[] = "skb_inner_tcp_all_headers";

static void other_calls(struct foo *foo)
{
	foo->ops->skb_inner_tcp_all_headers(foo);
	skb_inner_tcp_all_headers(skb, 1);
}
