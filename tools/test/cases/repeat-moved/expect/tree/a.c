int f(void)
{
	lock();
	one();
	two();
	three();
	four();
	five();
	six();
	seven();
	eight();
	check(a);
	check(b);
	check(c);
	unlock();
}
