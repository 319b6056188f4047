int a(void)
{
	int ret;

	ret = setup();
	if (ret)
		return ret;
	return 0;
}

int b(void)
{
	int ret;

	ret = setup();
	if (ret < 0)
		return ret;
	return 0;
}

