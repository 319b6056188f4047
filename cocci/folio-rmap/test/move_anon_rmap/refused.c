// SPDX-License-Identifier: GPL-2.0-only
// What move_anon_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* Behind a label it may be all of an arm. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page)
label:
		page_move_anon_rmap(page, vma);
}
