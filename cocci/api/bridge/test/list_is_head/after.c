// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	while ((pos != head) || (pos->next == &foo->list))
		use(pos);
	if (pos == head)
		use(pos);
	same = was == (pos == head);
}
