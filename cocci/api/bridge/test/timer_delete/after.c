// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	del_timer(&foo->x);
}
