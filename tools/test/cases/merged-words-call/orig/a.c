int f(struct dev *d)
{
	int ret = one(d);

	kfree_skb(skb);
	return two(d);
}
