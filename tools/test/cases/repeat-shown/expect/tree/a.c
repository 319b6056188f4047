int f(void)
{
	step(1);
	if (bad)
		return 1;
	step(2);
	if (bad)
		return 1;
	if (bad)
		return 1;
	step(3);
	return 0;
}
