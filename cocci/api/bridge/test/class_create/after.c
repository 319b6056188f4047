// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	foo->class = class_create(THIS_MODULE, "foo");
}
