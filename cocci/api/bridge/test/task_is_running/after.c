// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	if ((p->state != TASK_RUNNING) || (current->state == TASK_RUNNING))
		use(p);
	if (p->state == TASK_RUNNING)
		use(p);
	same = was == (p->state == TASK_RUNNING);
}
