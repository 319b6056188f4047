// SPDX-License-Identifier: GPL-2.0-only
/* spi_get_chipselect() is told of here */
static const char name[] = "spi_get_chipselect";

static void other_calls(struct foo *foo)
{
	foo->ops->spi_get_chipselect(foo);
	spi_get_chipselect(spi, 1);
}
