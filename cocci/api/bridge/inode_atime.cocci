// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: fs: the access time of an inode is a member
 *
 * Linux 6.12 reads and sets the time by functions, 6.1 and 5.10 by the member.
 * ---
 * Bridge: inode_get_atime -> i_atime
 * Bridge: inode_set_atime_to_ts -> i_atime
 */
@@
expression I, T;
@@
(
- inode_set_atime_to_ts(&I, T);
+ I.i_atime = T;
|
- inode_set_atime_to_ts(I, T);
+ I->i_atime = T;
|
- inode_get_atime(&I)
+ I.i_atime
|
- inode_get_atime(I)
+ I->i_atime
)
