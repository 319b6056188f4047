// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	netif_napi_add(dev, &foo->napi, foo_poll, NAPI_POLL_WEIGHT);
}
