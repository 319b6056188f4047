// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	n = bdev_nr_bytes(foo->bdev);
	m = bdev_nr_sectors(bdev);
	use(1 + bdev_nr_sectors(bdev));
}
