#include <linux/port.h>

static const struct port_setting port_setting_first[] = {
	{ .reg = 0, .val = 0, .mask = PORT_MASK_0 },
	{ .reg = 1, .val = 1, .mask = PORT_MASK_1 },
	{ .reg = 2, .val = 2, .mask = PORT_MASK_2 },
	{ .reg = 3, .val = 3, .mask = PORT_MASK_3 },
	{ .reg = 5, .val = 5, .mask = PORT_MASK_5 },
	{ .reg = 6, .val = 6, .mask = PORT_MASK_6 },
	{ .reg = 7, .val = 7, .mask = PORT_MASK_7 },
	{ .reg = 98, .val = 0 },
	{ .reg = 99, .val = 1 },
	{ .reg = 100, .val = 2 },
};

static const struct port_setting port_setting_second[] = {
	{ .reg = 0, .val = 0, .mask = PORT_MASK_0 },
	{ .reg = 1, .val = 1, .mask = PORT_MASK_1 },
	{ .reg = 2, .val = 2, .mask = PORT_MASK_2 },
	{ .reg = 3, .val = 3, .mask = PORT_MASK_3 },
	{ .reg = 5, .val = 5, .mask = PORT_MASK_5 },
	{ .reg = 6, .val = 6, .mask = PORT_MASK_6 },
	{ .reg = 7, .val = 7, .mask = PORT_MASK_7 },
	{ .reg = 98, .val = 7 },
	{ .reg = 99, .val = 1 },
	{ .reg = 100, .val = 2 },
};

