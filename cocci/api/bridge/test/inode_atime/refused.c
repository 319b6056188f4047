// SPDX-License-Identifier: GPL-2.0-only
/* inode_get_atime() is told of here */
static const char name[] = "inode_get_atime";

static void other_calls(struct foo *foo)
{
	foo->ops->inode_get_atime(foo);
	inode_get_atime(inode, 1);
}
