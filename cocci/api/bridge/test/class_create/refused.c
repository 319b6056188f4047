// SPDX-License-Identifier: GPL-2.0-only
/* class_create() is told of here */
static const char name[] = "class_create";

static void other_calls(struct foo *foo)
{
	foo->ops->class_create(foo);
	class_create(THIS_MODULE, "foo");
}
