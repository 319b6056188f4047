// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	inode_set_atime_to_ts(inode, now);
	ts = inode_get_atime(inode);
	inode_set_atime_to_ts(&foo->vfs_inode, now);
	use(inode_get_atime(&foo->vfs_inode));
}
