// SPDX-License-Identifier: GPL-2.0-only
/* hrtimer_setup() is told of here */
static const char name[] = "hrtimer_setup";

static void other_calls(struct foo *foo)
{
	foo->ops->hrtimer_setup(foo);
	hrtimer_setup(foo, foo_tick, 1);
}
