#include <linux/errno.h>

static int port_sweep(struct port *port)
{
	if (port->phase == 3) {
		inode = port_get(port, port->number);
		if (IS_ERR(inode) || is_bad(inode) ||
				special_file(inode->mode)) {
			port_set_flag(port, PORT_NEED_CHECK);
			continue;
		}
		port_run(port, inode);
	}
	return 0;
}
