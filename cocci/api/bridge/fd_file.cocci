// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: fs: the file of a struct fd is a member
 *
 * Linux 6.12 has fd_file() and fd_empty(), 6.1 and 5.10 the member file.
 * ---
 * Bridge: fd_file -> fdget/1
 * Bridge: fd_empty -> fdget/1
 */
@@
expression F;
@@
(
- fd_file(F)
+ F.file
|
- fd_empty(F)
+ !F.file
)
