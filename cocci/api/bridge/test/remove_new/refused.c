// SPDX-License-Identifier: GPL-2.0-only
static void bar_remove(struct platform_device *pdev)
{
	bar_stop(pdev);
}

static struct other_driver bar_driver = {
	.remove_new = bar_remove,
};
