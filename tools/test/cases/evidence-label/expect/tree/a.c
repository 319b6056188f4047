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

static int port_run(struct port *p)
{
	int rc = port_lock(p);

	if (rc)
		goto fail;
	port_go(p);
fail:
	port_trace(p);
	port_led(p, 0);
	port_irq(p, 0);
	port_clk(p, 1);
	port_unlock(p);
	return rc;
}
