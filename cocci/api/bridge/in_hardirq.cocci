// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: preempt: in_irq() is the older name of in_hardirq()
 *
 * Linux 5.10 has in_irq() alone; 6.1 calls it obsolete.
 * ---
 * Bridge: in_hardirq -> in_irq
 * Bridge-back: swap
 */
@@ @@
- in_hardirq()
+ in_irq()
