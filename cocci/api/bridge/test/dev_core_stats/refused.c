// SPDX-License-Identifier: GPL-2.0-only
/* dev_core_stats_rx_dropped_inc() is told of here */
static const char name[] = "dev_core_stats_rx_dropped_inc";

static void other_calls(struct foo *foo)
{
	foo->ops->dev_core_stats_rx_dropped_inc(foo);
	dev_core_stats_rx_dropped_inc(dev, 1);
}
