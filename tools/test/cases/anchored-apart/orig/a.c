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
	trace_stop(dev, ret);
	if (ret < 0)
		return ret;
	dev_clear(dev);
	return dev_halt(dev);
}

static int third(struct dev *dev)
{
	dev_clear(dev);
	return dev_free(dev);
}
