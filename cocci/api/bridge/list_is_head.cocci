// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: list: compare with the head by hand
 *
 * Linux 6.1 has list_is_head(), 5.10 compares.
 * ---
 * Bridge: list_is_head -> list_is_last/2
 */
@@
expression L, H;
statement S1, S2;
@@
  if (
(
- !list_is_head(L, H)
+ L != H
|
- list_is_head(L, H)
+ L == H
)
  ) S1 else S2

@@
expression L, H;
@@
(
- !list_is_head(L, H)
+ (L != H)
|
- list_is_head(L, H)
+ (L == H)
)
