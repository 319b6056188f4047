// SPDX-License-Identifier: GPL-2.0-only
// What add_anon_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* The flags are shadowed. */
void f(struct page *page, struct vm_area_struct *vma, int x)
{
	rmap_t flags = RMAP_COMPOUND;

	if (x) {
		rmap_t flags = x;

		page_add_anon_rmap(page, vma, 0, flags);
	}
	page_add_anon_rmap(page, vma, 0, flags);
}

/* The flags have another name as well. */
void f(struct page *page, struct vm_area_struct *vma)
{
	rmap_t flags = RMAP_NONE, *p = &flags;

	*p = RMAP_COMPOUND;
	page_add_anon_rmap(page, vma, 0, flags);
}
