int f(struct dev *d)
{
	int ret = one(d);

	spin_lock_irq(&b->lock);
	return two(d);
}
