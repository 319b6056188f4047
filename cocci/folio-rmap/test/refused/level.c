// SPDX-License-Identifier: GPL-2.0-only
// LEVEL[...]LEVEL is a call whose level is known when it runs. The refused.sed of a rule
// says which, and then the rule must refuse each piece by itself; a piece starts with its
// comment.

/* A macro whose body is a function would be cut in two. */
#define DEFINE_VENDOR(name, p, vma, c) \
void name(void) \
{ \
	LEVEL[p]LEVEL; \
}
