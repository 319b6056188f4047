int f(struct dev *d, int k)
{
	int ret;

	ret = setup_alpha(d);
	if (ret)
		dev_err(d, "no alpha");
	gamma_thing(d);
	delta_thing(d);
	return 0;
}

int g(void)
{
	return 7;
}
