int f(struct dev *d, int k)
{
	alpha_two(d);

	if (k) {
	lost(d);
	}
	/*

	beta_one(d);
	gamma_one(d);
	 */
	delta_two(d);
	return 0;
}

int g(void)
{
	return 7;
}
