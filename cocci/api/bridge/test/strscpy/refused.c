// SPDX-License-Identifier: GPL-2.0-only
/* strscpy() is told of here */
static const char name[] = "strscpy";

static void other_calls(struct foo *foo)
{
	foo->ops->strscpy(foo);
	strscpy(foo->name, name, 12);
}
