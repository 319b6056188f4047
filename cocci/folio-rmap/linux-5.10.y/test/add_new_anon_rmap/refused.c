// SPDX-License-Identifier: GPL-2.0-only
// What add_new_anon_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* Done no more: a call of a member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_new_anon_rmap(page, vma, 0, page->ops->is_huge(page));
}
