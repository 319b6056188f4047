// SPDX-License-Identifier: GPL-2.0-only
static int foo_remove(struct platform_device *pdev)
{
	struct foo *foo = platform_get_drvdata(pdev);

	if (!foo)
		return 0;
	foo_stop(foo);
	return 0;
}

static struct platform_driver foo_driver = {
	.probe = foo_probe,
	.remove = foo_remove,
};
