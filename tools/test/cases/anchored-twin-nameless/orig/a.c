#include <linux/errno.h>

static int first(struct dev *dev)
{
	int ret;

	ret = dev_start(dev);
	if (ret)
		return ret;
	return dev_run(dev);
}

static int second(struct dev *dev)
{
	int ret;

	ret = dev_stop(dev);
	if (ret)
		return ret;
	dev_clear(dev);
	return dev_halt(dev);
}

static int third(struct dev *dev)
{
	dev_clear(dev);
	return dev_halt(dev);
}
