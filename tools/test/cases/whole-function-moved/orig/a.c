#include "x.h"
#include "y.h"
#include "z.h"

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

int g(void)
{
	return 2;
}
