// SPDX-License-Identifier: GPL-2.0-only
// What try_dup_anon_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* The function is called so. */
void vendor_hugetlb_unmap(struct vm_area_struct *vma, struct page *page)
{
	folio = page_folio(page);
	if (folio_needs_cow_for_dma(vma, folio))
		return;
	get_page(page);
	page_dup_rmap(page, true);
}

/* A member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page->hugetlb)
		folio = page_folio(page);
	if (folio_needs_cow_for_dma(vma, folio))
		return;
	get_page(page);
	page_dup_rmap(page, true);
}

/* A type. */
void f(struct vm_area_struct *vma, struct page *page)
{
	int order = ((struct hstate *)page->private)->order;

	folio = page_folio(page);
	if (folio_needs_cow_for_dma(vma, folio))
		return;
	get_page(page);
	page_dup_rmap(page, true);
}

/* A caller that goes on would have neither. */
void f(struct vm_area_struct *vma, struct page *page)
{
	folio = page_folio(page);
	if (folio_needs_cow_for_dma(vma, folio))
		page = copy(page);
	get_page(page);
	page_dup_rmap(page, true);
}
