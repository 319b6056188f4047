int f(struct dev *d)
{
	int ret = one(d);

	kfree(skb);
	return two(d);
}
