// SPDX-License-Identifier: GPL-2.0-only
/* get_random_u32_below() is told of here */
static const char name[] = "get_random_u32_below";

static void other_calls(struct foo *foo)
{
	foo->ops->get_random_u32_below(foo);
	get_random_u32_below();
}
