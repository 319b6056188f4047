// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	build_skb(&foo->x, n1);
}
