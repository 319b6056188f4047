// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	inode_set_mtime_to_ts(inode, now);
	ts = inode_get_mtime(inode);
	inode_set_mtime_to_ts(&foo->vfs_inode, now);
	use(inode_get_mtime(&foo->vfs_inode));
}
