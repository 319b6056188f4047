int f(struct dev *d, int k)
{
	start_other(d);
	lock_beta(d);
	read_gamma(d);
	unlock_other(d);
	theta(d);
	lock_beta(d);
	read_gamma(d);
	unlock_delta(d);
	return 0;
}

int g(void)
{
	return 7;
}
