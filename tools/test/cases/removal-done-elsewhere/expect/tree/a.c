int f(void)
{
	one();
	two();
	four();
	five();
	put();
	one();
	two();
	four();
	five();
}
