// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	if (!task_is_running(p) || task_is_running(current))
		use(p);
	if (task_is_running(p))
		use(p);
	same = was == task_is_running(p);
}
