// SPDX-License-Identifier: GPL-2.0-only
/* virtio_reset_device() is told of here */
static const char name[] = "virtio_reset_device";

static void other_calls(struct foo *foo)
{
	foo->ops->virtio_reset_device(foo);
	virtio_reset_device(vdev, 1);
}
