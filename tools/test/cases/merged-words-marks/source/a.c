int f(struct dev *d)
{
	int ret = one(d);

============================================================
	add(a, b);
	return two(d);
}
