#include <linux/errno.h>

static void port_leave(unsigned int index)
{
	struct ports *ports = to_ports(index);
	if (port_in[index] != -1) {
		port_clear(index, ports);
		port_in[index] = -1;
	}
}
