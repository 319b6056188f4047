// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	inode->i_atime = now;
	ts = inode->i_atime;
	foo->vfs_inode.i_atime = now;
	use(foo->vfs_inode.i_atime);
}
