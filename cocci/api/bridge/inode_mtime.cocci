// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: fs: the modification time of an inode is a member
 *
 * Linux 6.12 reads and sets the time by functions, 6.1 and 5.10 by the member.
 * ---
 * Bridge: inode_get_mtime -> i_mtime
 * Bridge: inode_set_mtime_to_ts -> i_mtime
 */
@@
expression I, T;
@@
(
- inode_set_mtime_to_ts(&I, T);
+ I.i_mtime = T;
|
- inode_set_mtime_to_ts(I, T);
+ I->i_mtime = T;
|
- inode_get_mtime(&I)
+ I.i_mtime
|
- inode_get_mtime(I)
+ I->i_mtime
)
