// SPDX-License-Identifier: GPL-2.0-only
/* timer_container_of() is told of here */
static const char name[] = "timer_container_of";

static void other_calls(struct foo *foo)
{
	foo->ops->timer_container_of(foo);
	timer_container_of(foo, t);
}
