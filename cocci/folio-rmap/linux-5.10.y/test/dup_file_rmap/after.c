// SPDX-License-Identifier: GPL-2.0-only
/* What dup_file_rmap.cocci changes on 5.10, and what it has to leave alone. */

int copy_pte(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma,
	     pte_t *src_pte, int *rss)
{
	struct page *page;

	page = vm_normal_page(src_vma, *src_pte);
	if (page && PageAnon(page)) {
		if (unlikely(folio_needs_cow_for_dma(src_vma, page_folio(page)))) {
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

void behind_else(struct page *page)
{
	if (PageAnon(page))
		anon(page);
	else
		folio_dup_file_rmap_pte(page_folio(page), page);
}

void behind_else_pmd(struct page *page)
{
	if (PageAnon(page)) {
		anon(page);
	} else {
		get_page(page);
		folio_dup_file_rmap_pmd(page_folio(page), page);
	}
}

void not_anon(struct page *page)
{
	if (page && !PageAnon(page)) {
		get_page(page);
		folio_dup_file_rmap_pte(page_folio(page), page);
	}
}

/* Must not match: which kind of page it is has not been asked. */
void either(struct page *page)
{
	get_page(page);
	page_dup_rmap(page, false);
}

/* Must not match: it has been asked of another page. */
void other_page(struct page *page, struct page *head)
{
	if (PageAnon(head))
		anon(head);
	else
		page_dup_rmap(page, false);
}

/* Must not match: it is another page by then. */
void became_other(struct page *page, struct page *next)
{
	if (!PageAnon(page)) {
		page = next;
		page_dup_rmap(page, false);
	}
}

/* Must not match: these are anonymous. */
void anonymous(struct page *page)
{
	if (PageAnon(page))
		page_dup_rmap(page, true);
	else
		other(page);
}

/* Must not match: it is another page by then. */
void went_on(struct page *page)
{
	if (!PageAnon(page)) {
		page += 1;
		page_dup_rmap(page, false);
	}
	if (!PageAnon(page)) {
		page++;
		page_dup_rmap(page, true);
	}
}

/* Must not match: it would be evaluated twice. */
void effects(struct page **pages, int i)
{
	if (!PageAnon(pages[i += 1])) {
		page_dup_rmap(pages[i += 1], false);
	}
}

/* Must not match: another condition, other functions, a page_dup_rmap() comment. */
void others(struct page *page)
{
	if (PageHuge(page))
		hugetlb_add_file_rmap(page_folio(page));
	else
		page_dup_rmap(page, false);
}
