#include <linux/module.h>
#include <linux/slab.h>

int y_debug;
