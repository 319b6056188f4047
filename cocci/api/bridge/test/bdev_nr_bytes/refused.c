// SPDX-License-Identifier: GPL-2.0-only
/* bdev_nr_bytes() is told of here */
static const char name[] = "bdev_nr_bytes";

static void other_calls(struct foo *foo)
{
	foo->ops->bdev_nr_bytes(foo);
	bdev_nr_bytes(bdev, 1);
}
