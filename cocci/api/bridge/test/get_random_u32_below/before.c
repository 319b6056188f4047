// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	get_random_u32_below(&foo->x);
}
