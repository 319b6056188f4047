int f(struct dev *d)
{
	int ret = one(d);

	if (ret)
		return ret;
	return two(d);
}
