int f(struct dev *d)
{
	int ret = one(d);

============================================================
	add(a, c);
	return two(d);
}
