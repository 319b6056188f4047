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

/* A folio that is the page's on every way is there already. */
void has_the_folio(struct page *page, struct vm_area_struct *vma)
{
	struct folio *folio = page_folio(page);

	folio_lock(folio);
	folio_remove_rmap_pte(folio, page, vma);
}

void gets_the_folio(struct page *page, struct vm_area_struct *vma)
{
	struct folio *folio;

	folio = page_folio(page);
	folio_remove_rmap_pmd(folio, page, vma);
}

void page_of_the_folio(struct folio *folio, struct vm_area_struct *vma, int n)
{
	struct page *page;

	page = folio_page(folio, n);
	folio_remove_rmap_pte(folio, page, vma);
}

/* Here it is not, on one way at least. */
void has_another_folio(struct page *page, struct vm_area_struct *vma)
{
	struct folio *folio = page_folio(page);

	if (folio_test_ksm(folio))
		folio = copy_of(folio);
	folio_remove_rmap_pte(page_folio(page), page, vma);
}

void has_another_page(struct page *page, struct vm_area_struct *vma)
{
	struct folio *folio = page_folio(page);

	page = ksm_might_need_to_copy(page, vma);
	folio_remove_rmap_pte(page_folio(page), page, vma);
}

void walks_the_pages(struct page *page, struct vm_area_struct *vma, int n)
{
	struct folio *folio = page_folio(page);

	for (; n; n--, page++)
		folio_remove_rmap_pte(page_folio(page), page, vma);
}

void gives_the_page_away(struct page *page, struct vm_area_struct *vma)
{
	struct folio *folio = page_folio(page);

	swap_with_another(&page);
	folio_remove_rmap_pte(page_folio(page), page, vma);
}

void page_behind_a_pointer(struct vm_fault *vmf, struct vm_area_struct *vma)
{
	struct folio *folio = page_folio(vmf->page);

	fault_again(vmf);
	folio_remove_rmap_pte(page_folio(vmf->page), vmf->page, vma);
}

void has_it_on_one_way(struct page *page, struct vm_area_struct *vma, bool ksm)
{
	struct folio *folio = NULL;

	if (ksm)
		folio = page_folio(page);
	folio_remove_rmap_pte(page_folio(page), page, vma);
}

void gets_it_on_one_way(struct page *page, struct folio *folio,
			struct vm_area_struct *vma)
{
	if (!folio)
		folio = page_folio(page);
	folio_remove_rmap_pte(page_folio(page), page, vma);
}

void walks_a_list(struct page *page, struct list_head *pages,
		  struct vm_area_struct *vma)
{
	struct folio *folio = page_folio(page);

	list_for_each_entry(page, pages, lru) {
		folio_remove_rmap_pte(page_folio(page), page, vma);
	}
}

void has_two_of_a_name(struct page *page, struct folio *folio,
		       struct vm_area_struct *vma)
{
	if (page) {
		struct folio *folio = page_folio(page);

		folio_lock(folio);
	}
	folio_remove_rmap_pte(page_folio(page), page, vma);
}

void has_two_variables(struct page *page, struct vm_area_struct *vma)
{
	struct folio *folio = first_folio(vma);

	{
		struct folio *folio = page_folio(page);

		folio_lock(folio);
	}
	folio_remove_rmap_pte(page_folio(page), page, vma);
	folio_unlock(folio);
}
