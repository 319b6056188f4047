// SPDX-License-Identifier: GPL-2.0-only
static void foo_remove(struct platform_device *pdev)
{
	struct foo *foo = platform_get_drvdata(pdev);

	if (!foo)
		return;
	foo_stop(foo);
}

static struct platform_driver foo_driver = {
	.probe = foo_probe,
	.remove_new = foo_remove,
};
