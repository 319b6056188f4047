// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	strscpy(foo->name, name, sizeof(foo->name));
}
