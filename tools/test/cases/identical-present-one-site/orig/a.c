int a(void)
{
	int ret;

	ret = setup();
	if (ret < 0)
		return ret;
	return 0;
}

line 1
line 2
line 3
line 4
line 5
line 6
line 7
line 8
line 9
line 10
