int a(void)
{
	return 0;
}

int b(void)
{
	c();
	return 0;
}
