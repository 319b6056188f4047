// SPDX-License-Identifier: GPL-2.0-only
/* ethtool_puts() is told of here */
static const char name[] = "ethtool_puts";

static void other_calls(struct foo *foo)
{
	foo->ops->ethtool_puts(foo);
	ethtool_puts(&data);
}
