int f(struct dev *d)
{
	int ret = one(d);

	mutex_lock(&a->lock);
	return two(d);
}
