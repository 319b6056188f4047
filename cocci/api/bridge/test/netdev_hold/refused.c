// SPDX-License-Identifier: GPL-2.0-only
/* netdev_hold() is told of here */
static const char name[] = "netdev_hold";

static void other_calls(struct foo *foo)
{
	foo->ops->netdev_hold(foo);
	netdev_hold(dev);
}
