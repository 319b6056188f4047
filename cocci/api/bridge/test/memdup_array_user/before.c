// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	p = memdup_array_user(arg, n, sizeof(*p));
	q = vmemdup_array_user(arg, n, 8);
}
