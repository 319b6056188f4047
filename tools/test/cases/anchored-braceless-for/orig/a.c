int f(struct dev *d, int k)
{
	int i;

	for (i = 0; i < k; i++)
		stop_alpha(d, i);
	gamma_thing(d);
	delta_thing(d);
	return 0;
}

int g(void)
{
	return 7;
}
