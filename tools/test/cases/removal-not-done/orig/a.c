int f(void)
{
	new();
}

int g(void)
{
	one();
	two();
	two();
}
