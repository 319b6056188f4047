int f(void)
{
	one();
	two();
	four();
	five();
	put();
	one();
	two();
	three();
	four();
	five();
}
