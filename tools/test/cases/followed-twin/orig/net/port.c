// SPDX-License-Identifier: GPL-2.0
#include <linux/net.h>

static int net_open(struct link *link)
{
	int ret;

	ret = port_claim(port);
	if (ret)
		return ret;
	port_reset_counters(port);
	return port_start(port, PORT_DEFAULT_SPEED);
}
