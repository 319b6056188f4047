int f(struct dev *d)
{
	int ret = one(d);

============================================================
	add(d, c);
	return two(d);
}
