// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: spi: the chip select is a member
 *
 * Linux 6.1 has spi_get_chipselect(), 5.10 the member, of which there is one.
 * ---
 * Bridge: spi_get_chipselect -> chip_select
 */
@@
expression S;
@@
- spi_get_chipselect(S, 0)
+ S->chip_select
