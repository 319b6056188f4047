// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct foo *foo)
{
	while (!list_is_head(pos, head) || list_is_head(pos->next, &foo->list))
		use(pos);
	if (list_is_head(pos, head))
		use(pos);
	same = was == list_is_head(pos, head);
}
