int zero(void)
{
	int ret;

	ret = setup();
	if (ret)
		return ret;
	return 0;
}

int b(void)
{
	x();
	y();
	z();
	old();
	u();
	v();
	w();

	x();
	y();
	z();
	old();
	u();
	v();
	w();

}
