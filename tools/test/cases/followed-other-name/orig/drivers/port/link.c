// SPDX-License-Identifier: GPL-2.0
#include <linux/net.h>

static int link_open(struct link *link)
{
	int ret;

	ret = link_claim(link);
	if (ret)
		return ret;
	return link_start(link);
}
