// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: net: count what is dropped in the device itself
 *
 * Linux 6.1 has dev_core_stats_rx_dropped_inc() and its like, 5.10 the members.
 * ---
 * Bridge: dev_core_stats_rx_dropped_inc -> rx_dropped
 * Bridge: dev_core_stats_tx_dropped_inc -> tx_dropped
 */
@@
expression D;
@@
(
- dev_core_stats_rx_dropped_inc(D)
+ atomic_long_inc(&D->rx_dropped)
|
- dev_core_stats_tx_dropped_inc(D)
+ atomic_long_inc(&D->tx_dropped)
)
