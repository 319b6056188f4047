// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	n = i_size_read(foo->bdev->bd_inode);
	m = i_size_read(bdev->bd_inode) >> 9;
	use(1 + (i_size_read(bdev->bd_inode) >> 9));
}
