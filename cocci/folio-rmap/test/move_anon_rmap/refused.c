// SPDX-License-Identifier: GPL-2.0-only
// What move_anon_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* Behind a label it may be all of an arm. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page)
label:
		page_move_anon_rmap(page, vma);
}

/* All of a loop that gets no braces. */
void f(struct vm_area_struct *vma, struct page *page)
{
	do
		page_move_anon_rmap(page, vma);
	while (0);
}

/* All of an arm, in one branch of a condition. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page)
#ifdef CONFIG_X
		put_page(page);
#else
		page_move_anon_rmap(page, vma);
#endif
}

/* Or in a loop. */
void f(struct vm_area_struct *vma, struct page *page)
{
	for (; page; page = NULL)
#ifdef CONFIG_X
		put_page(page);
#else
		page_move_anon_rmap(page, vma);
#endif
}
