// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: string: multiply the size of an array by hand
 *
 * Linux 6.1 has memdup_array_user() and vmemdup_array_user(), 5.10 the functions
 * below them.
 * ---
 * Bridge: memdup_array_user -> memdup_user/2
 * Bridge: vmemdup_array_user -> vmemdup_user/2
 * Bridge-check: array_size/2
 * Bridge-back: swap
 */
@@
expression S, N, Z;
@@
(
- memdup_array_user(S, N, Z)
+ memdup_user(S, array_size(N, Z))
|
- vmemdup_array_user(S, N, Z)
+ vmemdup_user(S, array_size(N, Z))
)
