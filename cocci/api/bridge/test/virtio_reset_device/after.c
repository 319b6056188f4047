// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	vdev->config->reset(vdev);
	foo->vdev.config->reset(&foo->vdev);
}
