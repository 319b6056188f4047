int f(struct dev *d)
{
	int ret = one(d);

	folio_add(page, vma, addr, false);
	return two(d);
}
