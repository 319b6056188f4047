// SPDX-License-Identifier: GPL-2.0-only
/* What try_dup_anon_rmap.cocci changes on 5.10, and what it has to leave alone. */

unsigned long copy_entry(pte_t *pte, struct vm_area_struct *dst_vma,
			 struct vm_area_struct *src_vma, int *rss)
{
	struct page *page;
	swp_entry_t entry = pte_to_swp_entry(*pte);

	if (is_migration_entry(entry)) {
		page = migration_entry_to_page(entry);
		rss[mm_counter(page)]++;
	} else if (is_device_private_entry(entry)) {
		page = device_private_entry_to_page(entry);

		/* Unaddressable pages count as well. */
		get_page(page);
		rss[mm_counter(page)]++;
		/* Cannot fail as these pages cannot get pinned. */
		folio_try_dup_anon_rmap_pte(page_folio(page), page, src_vma);
	}
	return 0;
}

int copy_pte(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma,
	     pte_t *src_pte, int *rss)
{
	struct folio *folio;
	struct page *page;

	page = vm_normal_page(src_vma, *src_pte);
	if (page && PageAnon(page)) {
		folio = page_folio(page);

		get_page(page);
		if (folio_try_dup_anon_rmap_pte(folio, page, src_vma)) {
			put_page(page);
			/* Page may be pinned, we have to copy. */
			return copy_present_page(dst_vma, src_vma, page);
		}
		rss[mm_counter(page)]++;
	} else if (page) {
		get_page(page);
		folio_dup_file_rmap_pte(page_folio(page), page);
		rss[mm_counter(page)]++;
	}
	return 0;
}

int copy_pmd(struct mm_struct *dst_mm, struct vm_area_struct *src_vma, pmd_t pmd)
{
	struct page *src_page;
	struct folio *folio;

	src_page = pmd_page(pmd);
	folio = page_folio(src_page);

	get_page(src_page);
	if (unlikely(folio_try_dup_anon_rmap_pmd(folio, src_page, src_vma))) {
		put_page(src_page);
		split(src_vma);
		return -EAGAIN;
	}

	add_mm_counter(dst_mm, MM_ANONPAGES, HPAGE_PMD_NR);
	return 0;
}

/* Must not match: nobody asks whether it is pinned. */
int no_check(struct vm_area_struct *src_vma, struct page *page)
{
	get_page(page);
	page_dup_rmap(page, false);
	return 0;
}

/* Must not match: it is another folio's pins that are asked for. */
int other_folio(struct vm_area_struct *src_vma, struct page *page,
		struct page *head)
{
	struct folio *folio;

	folio = page_folio(head);
	if (folio_needs_cow_for_dma(src_vma, folio)) {
		return -EBUSY;
	}
	get_page(page);
	page_dup_rmap(page, false);
	return 0;
}

/* Must not match: the folio is another one by then. */
int became_other(struct vm_area_struct *src_vma, struct page *page,
		 struct page *next)
{
	struct folio *folio;

	folio = page_folio(page);
	page = next;
	if (folio_needs_cow_for_dma(src_vma, folio)) {
		return -EBUSY;
	}
	get_page(page);
	page_dup_rmap(page, false);
	return 0;
}

/* Must not match: there is no source vma by that name. */
unsigned long no_source(struct vm_area_struct *vma, swp_entry_t entry)
{
	struct page *page;

	page = device_private_entry_to_page(entry);
	get_page(page);
	page_dup_rmap(page, false);
	return 0;
}

/* Must not match: other functions, and a comment on page_dup_rmap(). */
void others(struct vm_area_struct *src_vma, struct page *page)
{
	hugetlb_try_dup_anon_rmap(page_folio(page), src_vma);
	folio_dup_file_rmap_pte(page_folio(page), page);
}
