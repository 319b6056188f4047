// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	atomic_long_inc(&dev->rx_dropped);
	atomic_long_inc(&skb->dev->tx_dropped);
}
