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
		page_dup_rmap(page, false);
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

		if (folio_needs_cow_for_dma(src_vma, folio)) {
			/* Page may be pinned, we have to copy. */
			return copy_present_page(dst_vma, src_vma, page);
		}
		get_page(page);
		page_dup_rmap(page, false);
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

	if (unlikely(folio_needs_cow_for_dma(src_vma, folio))) {
		split(src_vma);
		return -EAGAIN;
	}

	get_page(src_page);
	page_dup_rmap(src_page, true);
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

/* It may leave in any way, as long as it does. */
int leaves_by_goto(struct vm_area_struct *vma, struct page *page, int count)
{
	struct folio *folio;

	while (count) {
		folio = page_folio(page);
		if (folio_needs_cow_for_dma(vma, folio)) {
			count++;
			goto out;
		}
		get_page(page);
		page_dup_rmap(page, false);
	}
out:
	return 0;
}

int leaves_by_continue(struct vm_area_struct *vma, struct page *page, int count)
{
	struct folio *folio;

	while (count) {
		folio = page_folio(page);
		if (unlikely(folio_needs_cow_for_dma(vma, folio))) {
			/* Later. */
			continue;
		}
		get_page(page);
		page_dup_rmap(page, false);
	}
	return 0;
}

int leaves_by_break(struct vm_area_struct *vma, struct page *page, int count)
{
	struct folio *folio;

	while (count) {
		folio = page_folio(page);
		if (unlikely(folio_needs_cow_for_dma(vma, folio))) {
			break;
		}
		get_page(page);
		page_dup_rmap(page, true);
	}
	return 0;
}

int leaves_at_the_end(struct vm_area_struct *vma, struct page *page, int count)
{
	struct folio *folio;

	while (count) {
		folio = page_folio(page);
		if (folio_needs_cow_for_dma(vma, folio)) {
			if (count)
				count--;
			return -EAGAIN;
		}
		get_page(page);
		page_dup_rmap(page, true);
	}
	return 0;
}

/* Must not match: it goes on without a reference and a mapping. */
int goes_on(struct vm_area_struct *vma, struct page *page, int count)
{
	struct folio *folio;

	while (count) {
		folio = page_folio(page);
		if (folio_needs_cow_for_dma(vma, folio)) {
			count++;
		}
		get_page(page);
		page_dup_rmap(page, false);
	}
	return 0;
}

int goes_on_unlikely(struct vm_area_struct *vma, struct page *page, int count)
{
	struct folio *folio;

	while (count) {
		folio = page_folio(page);
		if (unlikely(folio_needs_cow_for_dma(vma, folio))) {
			count++;
		}
		get_page(page);
		page_dup_rmap(page, false);
	}
	return 0;
}

int goes_on_pmd(struct vm_area_struct *vma, struct page *page, int count)
{
	struct folio *folio;

	while (count) {
		folio = page_folio(page);
		if (folio_needs_cow_for_dma(vma, folio)) {
			count++;
		}
		get_page(page);
		page_dup_rmap(page, true);
	}
	return 0;
}

int goes_on_pmd_unlikely(struct vm_area_struct *vma, struct page *page, int count)
{
	struct folio *folio;

	while (count) {
		folio = page_folio(page);
		if (unlikely(folio_needs_cow_for_dma(vma, folio))) {
			count++;
		}
		get_page(page);
		page_dup_rmap(page, true);
	}
	return 0;
}

int goes_on_at_times(struct vm_area_struct *vma, struct page *page, int count)
{
	struct folio *folio;

	while (count) {
		folio = page_folio(page);
		if (folio_needs_cow_for_dma(vma, folio)) {
			if (count)
				return -EAGAIN;
		}
		get_page(page);
		page_dup_rmap(page, false);
	}
	return 0;
}

int goes_on_from_a_loop(struct vm_area_struct *vma, struct page *page, int count)
{
	struct folio *folio;

	while (count) {
		folio = page_folio(page);
		if (folio_needs_cow_for_dma(vma, folio)) {
			while (next(page))
				if (count)
					break;
		}
		get_page(page);
		page_dup_rmap(page, true);
	}
	return 0;
}

/* Must not match: it would be evaluated more than once. */
int effects(struct vm_area_struct *src_vma, struct page **pages, int i)
{
	struct folio *folio;

	folio = page_folio(pages[i += 1]);
	if (folio_needs_cow_for_dma(src_vma, folio)) {
		return -EBUSY;
	}
	get_page(pages[i += 1]);
	page_dup_rmap(pages[i += 1], false);
	return 0;
}

/* Must not match: other functions, and a comment on page_dup_rmap(). */
void others(struct vm_area_struct *src_vma, struct page *page)
{
	hugetlb_try_dup_anon_rmap(page_folio(page), src_vma);
	folio_dup_file_rmap_pte(page_folio(page), page);
}
