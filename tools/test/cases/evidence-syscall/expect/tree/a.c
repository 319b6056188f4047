#include <linux/port.h>

SYSCALL_DEFINE2(port_get, int, fd, char __user *, buf)
{
	struct fd f = fdget(fd);
	int rc;

	rc = port_go(f, buf);
	if (rc < 1)
		return rc;
	fdput(f);
	return 0;
}

