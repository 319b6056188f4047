int f(void)
{
	lock();
	check(a);
	check(b);
	check(c);
	one();
	two();
	three();
	four();
	five();
	six();
	seven();
	eight();
	unlock();
}
