// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: net: hold a device without a tracker
 *
 * Linux 6.1 has netdev_hold() and netdev_put(), which track who holds a device;
 * 5.10 has dev_hold() and dev_put().
 * ---
 * Bridge: netdev_hold -> dev_hold/1
 * Bridge: netdev_put -> dev_put/1
 */
@@
expression D, T, G;
@@
(
- netdev_hold(D, T, G)
+ dev_hold(D)
|
- netdev_put(D, T)
+ dev_put(D)
)
