// SPDX-License-Identifier: GPL-2.0-only
/* kthread_complete_and_exit() is told of here */
static const char name[] = "kthread_complete_and_exit";

static void other_calls(struct foo *foo)
{
	foo->ops->kthread_complete_and_exit(foo);
	kthread_complete_and_exit();
}
