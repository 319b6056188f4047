// SPDX-License-Identifier: GPL-2.0-only
/* skb_tcp_all_headers() is told of here */
static const char name[] = "skb_tcp_all_headers";

static void other_calls(struct foo *foo)
{
	foo->ops->skb_tcp_all_headers(foo);
	skb_tcp_all_headers(skb, 1);
}
