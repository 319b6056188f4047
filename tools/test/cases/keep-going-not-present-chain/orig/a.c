int ready(struct thing *t)
{
	if (t->on)
		return 1;
	return -1;
}
