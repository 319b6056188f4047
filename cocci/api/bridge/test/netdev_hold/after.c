// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	dev_hold(dev);
	dev_put(dev);
}
