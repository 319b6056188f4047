// SPDX-License-Identifier: GPL-2.0-only
/* memdup_array_user() is told of here */
static const char name[] = "memdup_array_user";

static void other_calls(struct foo *foo)
{
	foo->ops->memdup_array_user(foo);
	memdup_array_user(arg, n);
}
