#include <linux/errno.h>

static int first(struct dev *dev)
{
	int ret = dev_start(dev);

	rt_mutex_handle_deadlock(ret, chwalk, lock, waiter);
	return ret;
}

static int second(struct dev *dev)
{
	dev_clear(dev);
	return dev_halt(dev);
}
