int f(struct dev *d)
{
	int ret = one(d);

	ret = a && b && c;
	return two(d);
}
