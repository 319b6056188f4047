int f(struct dev *d, int k)
{
	int ret;

	start_other(d);
	prepare_gamma(d);
	mark_ready(d);
	work_other(d);
	put_device(d);
	mark_ready(d);
	return 0;
}

int g(void)
{
	return 7;
}
