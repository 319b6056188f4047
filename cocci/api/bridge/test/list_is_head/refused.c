// SPDX-License-Identifier: GPL-2.0-only
/* list_is_head() is told of here */
static const char name[] = "list_is_head";

static void other_calls(struct foo *foo)
{
	foo->ops->list_is_head(foo);
	list_is_head(pos);
}
