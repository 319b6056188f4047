// SPDX-License-Identifier: GPL-2.0-only
/* timer_delete() is told of here */
static const char name[] = "timer_delete";

static void other_calls(struct foo *foo)
{
	foo->ops->timer_delete(foo);
	timer_delete();
}
