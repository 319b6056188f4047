// SPDX-License-Identifier: GPL-2.0-only
/* in_hardirq() is told of here */
static const char name[] = "in_hardirq";

static void other_calls(struct foo *foo)
{
	foo->ops->in_hardirq(foo);
	in_hardirq(foo);
}
