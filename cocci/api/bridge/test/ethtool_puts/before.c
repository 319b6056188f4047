// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	ethtool_puts(&data, stat->name);
}
