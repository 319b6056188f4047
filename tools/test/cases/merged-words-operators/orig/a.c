int f(struct dev *d)
{
	int ret = one(d);

	if (ret < 0)
		return ret;
	return two(d);
}
