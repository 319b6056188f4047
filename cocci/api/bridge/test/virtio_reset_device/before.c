// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	virtio_reset_device(vdev);
	virtio_reset_device(&foo->vdev);
}
