// SPDX-License-Identifier: GPL-2.0-only
/* inode_get_mtime() is told of here */
static const char name[] = "inode_get_mtime";

static void other_calls(struct foo *foo)
{
	foo->ops->inode_get_mtime(foo);
	inode_get_mtime(inode, 1);
}
