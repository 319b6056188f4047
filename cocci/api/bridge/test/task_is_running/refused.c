// SPDX-License-Identifier: GPL-2.0-only
/* task_is_running() is told of here */
static const char name[] = "task_is_running";

static void other_calls(struct foo *foo)
{
	foo->ops->task_is_running(foo);
	task_is_running(p, 1);
}
