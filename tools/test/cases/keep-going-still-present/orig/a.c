int ready(struct thing *t)
{
	if (t->off)
		return 1;
	return -1;
}
