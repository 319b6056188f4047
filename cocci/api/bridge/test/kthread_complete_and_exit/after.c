// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	complete_and_exit(&foo->x, n1);
}
