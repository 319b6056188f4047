// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	nla_strlcpy(foo->name, tb[FOO_NAME], sizeof(foo->name));
}
