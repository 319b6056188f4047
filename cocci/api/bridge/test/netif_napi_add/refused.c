// SPDX-License-Identifier: GPL-2.0-only
/* netif_napi_add() is told of here */
static const char name[] = "netif_napi_add";

static void other_calls(struct foo *foo)
{
	foo->ops->netif_napi_add(foo);
	netif_napi_add(dev, &foo->napi, foo_poll, 32);
}
