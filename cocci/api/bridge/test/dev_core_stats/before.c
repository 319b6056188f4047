// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	dev_core_stats_rx_dropped_inc(dev);
	dev_core_stats_tx_dropped_inc(skb->dev);
}
