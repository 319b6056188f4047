// SPDX-License-Identifier: GPL-2.0-only
/* nla_strscpy() is told of here */
static const char name[] = "nla_strscpy";

static void other_calls(struct foo *foo)
{
	foo->ops->nla_strscpy(foo);
	n = nla_strscpy(foo->name, tb[FOO_NAME], 12);
}
