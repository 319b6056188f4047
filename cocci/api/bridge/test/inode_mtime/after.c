// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	inode->i_mtime = now;
	ts = inode->i_mtime;
	foo->vfs_inode.i_mtime = now;
	use(foo->vfs_inode.i_mtime);
}
