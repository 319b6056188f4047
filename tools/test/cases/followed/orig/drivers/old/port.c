// SPDX-License-Identifier: GPL-2.0
#include <linux/device.h>

static int port_open(struct port *port)
{
	int ret;

	ret = port_claim(port);
	if (ret)
		return ret;
	port_reset_counters(port);
	return port_start(port, PORT_DEFAULT_SPEED);
}

static void port_close(struct port *port)
{
	port_stop(port);
	port_release(port);
}
