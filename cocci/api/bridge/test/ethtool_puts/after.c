// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	ethtool_sprintf(&data, "%s", stat->name);
}
