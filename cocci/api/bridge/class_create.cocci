// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: driver core: class_create() takes the module
 *
 * Linux 6.1 and older ones hand THIS_MODULE to class_create(), a macro around
 * __class_create(); 6.12 has a function that takes the name alone.
 * ---
 * Bridge: class_create/1 -> class_create
 * Bridge-check: __class_create/3
 * Bridge-back: swap
 */
@@
expression N;
@@
- class_create(N)
+ class_create(THIS_MODULE, N)
