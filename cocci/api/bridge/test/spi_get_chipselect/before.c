// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	n = spi_get_chipselect(spi, 0);
}
