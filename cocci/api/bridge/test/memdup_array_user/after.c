// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	p = memdup_user(arg, array_size(n, sizeof(*p)));
	q = vmemdup_user(arg, array_size(n, 8));
}
