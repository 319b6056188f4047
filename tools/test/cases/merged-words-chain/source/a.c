int f(struct dev *d)
{
	int ret = one(d);

	ret = a && b;
	return two(d);
}
