// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	prandom_u32_max(&foo->x);
}
