int h(void)
{
	return 0;
}

#endif
int f(int a)
{
	int r;

	r = a;
	r += 1;
	r += 2;
	r += 3;
	r += 4;
	call(r, 0);
	return r;
}

#if 1
#endif
int f(int a)
{
	int r;

	r = a;
	r += 1;
	r += 2;
	r += 3;
	r += 4;
	call(r);
	return r;
}

