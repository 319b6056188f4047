// SPDX-License-Identifier: GPL-2.0-only
/* What remove_rmap.cocci changes, and what it has to leave alone. */

void by_pte(struct page *page, struct vm_area_struct *vma)
{
	prepare(page);
	/* page_remove_rmap(page, vma, false) takes it away. */
	page_remove_rmap(page, vma, false);
}

void by_pmd(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;

	if (vma)
		page_remove_rmap(page, vma, true);
	else
		page_remove_rmap(vmf->page, vmf->vma, 1);
}

void by_number(struct page *page, struct vm_area_struct *vma)
{
	page_remove_rmap(page, vma, 0);
}

/* Too long for one line. */
void deeper(struct page *page, struct vm_area_struct *dst_vma)
{
	for (;;) {
		if (dst_vma) {
			do {
				page_remove_rmap(page, dst_vma, false);
			} while (page);
		}
	}
}

/* Known only when it runs. */
void by_variable(struct page *page, struct vm_area_struct *vma, bool compound)
{
	page_remove_rmap(page, vma, compound);
	if (page)
		page_remove_rmap(page + 1, vma, thp_size(page) > 1);
}

/* The page would be named twice, and what naming it does be done twice. */
void effects(struct page **pages, struct vm_area_struct *vma)
{
	page_remove_rmap(*pages++, vma, false);
	page_remove_rmap(find_page(vma), vma, true);
	page_remove_rmap(*pages += 1, vma, false);
	page_remove_rmap(pages[vma->nr -= 1], vma, true);
	if (vma)
		page_remove_rmap(*--pages, vma, vma->huge);
}

/* Others with a similar name, and the name without a call. */
void others(struct page *page, struct vm_area_struct *vma)
{
	hugepage_remove_rmap(page, vma, false);
	page_remove_rmap_locked(page, vma, false);
	trace("page_remove_rmap(page, vma, false)");
}

void page_remove_rmap(struct page *page, struct vm_area_struct *vma,
		      bool compound)
{
	if (compound)
		folio_remove_rmap_pmd(page_folio(page), page, vma);
	else
		folio_remove_rmap_pte(page_folio(page), page, vma);
}

/* What hugetlb.cocci left of a call that had both. */
void not_hugetlb(struct folio *folio, struct page *subpage,
		 struct vm_area_struct *vma)
{
	if (folio_test_hugetlb(folio))
		hugetlb_remove_rmap(folio);
	else
		page_remove_rmap(subpage, vma, false);
}

/* One page of many: each has its own number, and all have one folio. */
void split(struct page *page, struct vm_area_struct *vma)
{
	int i;

	for (i = 0; i < HPAGE_PMD_NR; i++) {
		page_remove_rmap(page + i, vma, false);
		put_page(page + i);
	}
}

/* The folio is another page's. */
void replaced(struct page *page, struct page *old, struct vm_area_struct *vma)
{
	struct folio *folio = page_folio(page);

	folio_lock(folio);
	page_remove_rmap(old, vma, false);
	folio_unlock(folio);
}

/* Arms and loops of their own. */
void arms(struct page *page, struct vm_area_struct *vma, bool compound, int n)
{
	int i;

	if (n)
		page_remove_rmap(page, vma, compound);
	else
		page_remove_rmap(page + n, vma, compound);
	while (n--)
		page_remove_rmap(page, vma, compound);
	for (i = 0; i < 4; i++)
		page_remove_rmap(page + i, vma, compound);
	for (i = 0; i < 4; i++) {
		page_remove_rmap(page + i, vma, compound);
	}
	for (int k = 0; k < 4; k++)
		page_remove_rmap(page + k, vma, compound);
	list_for_each_entry(page, vma, lru)
		page_remove_rmap(page, vma, compound);
}
