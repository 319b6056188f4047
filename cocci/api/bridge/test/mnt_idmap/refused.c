// SPDX-License-Identifier: GPL-2.0-only
/* mnt_idmap() is told of here */
static const char name[] = "mnt_idmap";

static void other_calls(struct foo *foo)
{
	foo->ops->mnt_idmap(foo);
	mnt_idmap(mnt, 1);
}
