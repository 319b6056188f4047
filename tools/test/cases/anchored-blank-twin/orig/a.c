#include <linux/errno.h>

static void port_leave(unsigned int index)
{
	struct ports *ports = all_ports();
	port_clear(index, ports);
	port_in[index] = -1;
}
