// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: block: the size of a device is its inode's
 *
 * Linux 6.1 has bdev_nr_bytes() and bdev_nr_sectors(), 5.10 asks the inode.
 * ---
 * Bridge: bdev_nr_bytes -> i_size_read/1
 * Bridge: bdev_nr_sectors -> i_size_read/1
 * Bridge-check: bd_inode
 */
@@
expression A, B;
@@
(
- bdev_nr_bytes(B)
+ i_size_read(B->bd_inode)
|
- A = bdev_nr_sectors(B)
+ A = i_size_read(B->bd_inode) >> 9
|
- bdev_nr_sectors(B)
+ (i_size_read(B->bd_inode) >> 9)
)
