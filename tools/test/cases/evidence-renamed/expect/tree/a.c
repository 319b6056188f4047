#include <linux/port.h>


/* The registers of a port. */
#define REG_0 0
#define REG_1 1
#define REG_2 2
#define REG_3 3
#define REG_4 4
#define REG_5 5
#define REG_6 6
#define REG_7 7
#define REG_8 8
#define REG_9 9
#define REG_10 10
#define REG_11 11

static int port_open(struct port *p)
{
	int rc;

	rc = port_lock(p);
	if (rc)
		return rc;
	port_map(p);
	return 0;
}

static int port_halt(struct port *p)
{
	int rc;

	rc = port_lock(p);
	if (rc)
		return rc;
	port_write(p, CTRL, 3);
	port_unlock(p);
	return 0;
}

