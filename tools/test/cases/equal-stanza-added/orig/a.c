line 1
line 2
line 3
line 4
static const struct chan chans[] = {
	{
		.type = SENSOR,
		.mask = 0xff,
		.info = &info,
	},
	{
		.type = SENSOR,
		.mask = 0xff,
		.info = &info,
	},
	{
		.type = SENSOR,
		.mask = 0xff,
		.info = &info,
	},
};
line 30
line 31
line 32
line 33
int n = 3;
line 40
line 41
line 42
line 43
