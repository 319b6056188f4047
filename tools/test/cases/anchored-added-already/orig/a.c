int f(struct dev *d, int k)
{
	prepare_alpha(d);
	stop_beta(d);
	kfree(d->buf);
	clear_gamma(d);
	drop_delta(d);
	return 0;
}

int g(void)
{
	return 7;
}
