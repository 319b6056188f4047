static int reset(struct device *dev)
{
	int ret;

	ret = start(dev);
	if (ret) {
		log(dev);
		return ret;
	}

	/* it stays set, so clear it */
	ret = clear_bits(dev, CTRL1,
			 SRES);
	if (ret)
		return ret;

	return 0;
}

int other(void)
{
	return 1;
}
