// SPDX-License-Identifier: GPL-2.0-only
/* napi_build_skb() is told of here */
static const char name[] = "napi_build_skb";

static void other_calls(struct foo *foo)
{
	foo->ops->napi_build_skb(foo);
	napi_build_skb();
}
