// SPDX-License-Identifier: GPL-2.0-only
/* What remove_rmap.cocci changes, and what it has to leave alone. */

void by_pte(struct page *page, struct vm_area_struct *vma)
{
	prepare(page);
	/* page_remove_rmap(page, vma, false) takes it away. */
	folio_remove_rmap_pte(page_folio(page), page, vma);
}

void by_pmd(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;

	if (vma)
		folio_remove_rmap_pmd(page_folio(page), page, vma);
	else
		folio_remove_rmap_pmd(page_folio(vmf->page), vmf->page,
				      vmf->vma);
}

void by_number(struct page *page, struct vm_area_struct *vma)
{
	folio_remove_rmap_pte(page_folio(page), page, vma);
}

/* Too long for one line. */
void deeper(struct page *page, struct vm_area_struct *dst_vma)
{
	for (;;) {
		if (dst_vma) {
			do {
				folio_remove_rmap_pte(page_folio(page), page,
						      dst_vma);
			} while (page);
		}
	}
}

/* Known only when it runs. */
void by_variable(struct page *page, struct vm_area_struct *vma, bool compound)
{
	if (compound)
		folio_remove_rmap_pmd(page_folio(page), page, vma);
	else
		folio_remove_rmap_pte(page_folio(page), page, vma);
	if (page) {
		if (thp_size(page) > 1)
			folio_remove_rmap_pmd(page_folio(page + 1), page + 1,
					      vma);
		else
			folio_remove_rmap_pte(page_folio(page + 1), page + 1,
					      vma);
	}
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
		folio_remove_rmap_pte(page_folio(subpage), subpage, vma);
}

/* One page of many: each has its own number, and all have one folio. */
void split(struct page *page, struct vm_area_struct *vma)
{
	int i;

	for (i = 0; i < HPAGE_PMD_NR; i++) {
		folio_remove_rmap_pte(page_folio(page + i), page + i, vma);
		put_page(page + i);
	}
}

/* The folio is another page's. */
void replaced(struct page *page, struct page *old, struct vm_area_struct *vma)
{
	struct folio *folio = page_folio(page);

	folio_lock(folio);
	folio_remove_rmap_pte(page_folio(old), old, vma);
	folio_unlock(folio);
}

/* Arms and loops of their own. */
void arms(struct page *page, struct vm_area_struct *vma, bool compound, int n)
{
	int i;

	if (n) {
		if (compound)
			folio_remove_rmap_pmd(page_folio(page), page, vma);
		else
			folio_remove_rmap_pte(page_folio(page), page, vma);
	}
	else {
		if (compound)
			folio_remove_rmap_pmd(page_folio(page + n), page + n,
					      vma);
		else
			folio_remove_rmap_pte(page_folio(page + n), page + n,
					      vma);
	}
	while (n--) {
		if (compound)
			folio_remove_rmap_pmd(page_folio(page), page, vma);
		else
			folio_remove_rmap_pte(page_folio(page), page, vma);
	}
	for (i = 0; i < 4; i++) {
		if (compound)
			folio_remove_rmap_pmd(page_folio(page + i), page + i,
					      vma);
		else
			folio_remove_rmap_pte(page_folio(page + i), page + i,
					      vma);
	}
	for (i = 0; i < 4; i++) {
		if (compound)
			folio_remove_rmap_pmd(page_folio(page + i), page + i,
					      vma);
		else
			folio_remove_rmap_pte(page_folio(page + i), page + i,
					      vma);
	}
	for (int k = 0; k < 4; k++) {
		if (compound)
			folio_remove_rmap_pmd(page_folio(page + k), page + k,
					      vma);
		else
			folio_remove_rmap_pte(page_folio(page + k), page + k,
					      vma);
	}
	list_for_each_entry(page, vma, lru) {
		if (compound)
			folio_remove_rmap_pmd(page_folio(page), page, vma);
		else
			folio_remove_rmap_pte(page_folio(page), page, vma);
	}
}
