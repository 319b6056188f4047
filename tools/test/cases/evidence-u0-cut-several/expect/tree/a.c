#include <linux/port.h>

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

static int port_controller_write_settings_early(struct port *p)
{
	port_a(p);
	port_b(p);
	return 0;
}

static int port_controller_write_settings_late(struct port *p)
{
	port_c(p);
	port_write(p, CTRL, 3);
	return 0;
}
