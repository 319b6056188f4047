// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	netdev_hold(dev, &foo->tracker, GFP_KERNEL);
	netdev_put(dev, &foo->tracker);
}
