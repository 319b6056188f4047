#define MAX 14
line 1
line 2
line 3
line 4
more
more
line 5
line 6
static const u32 table[] = {
	F_INPUT | F_FAULT,
	F_INPUT | F_FAULT,
	F_INPUT | F_FAULT,
	F_INPUT | F_FAULT,
	F_INPUT | F_FAULT,
	F_INPUT | F_FAULT,
	F_INPUT | F_FAULT,
	F_INPUT | F_FAULT,
	F_LAST
};
line 20
line 21
line 22
line 23
line 24
