line 1
line 2
line 3
line 4
	if (!p)
		return;
	p->ops = ops;
	run_it(p);
line 5
line 6
line 7
line 8
