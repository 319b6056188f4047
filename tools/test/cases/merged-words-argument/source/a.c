int f(struct dev *d)
{
	int ret = one(d);

	page_add(page, vma, addr);
	return two(d);
}
