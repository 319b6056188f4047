// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	timer_delete(&foo->x);
}
