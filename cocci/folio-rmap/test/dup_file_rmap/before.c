// SPDX-License-Identifier: GPL-2.0-only
/* What dup_file_rmap.cocci changes, and what it has to leave alone. */

int fork_pte(struct page *page, struct vm_area_struct *vma)
{
	if (page && PageAnon(page)) {
		if (page_try_dup_anon_rmap(page, false, vma))
			return -EAGAIN;
	} else if (page) {
		/* page_dup_file_rmap() cannot fail. */
		page_dup_file_rmap(page, false);
	}
	return 0;
}

void fork_pmd(struct page *src_page)
{
	page_dup_file_rmap(src_page, true);
}

/* Known only when it runs. */
void fork_any(struct page *page, bool compound)
{
	page_dup_file_rmap(page, compound);
}

/* The page would be named twice, and what naming it does be done twice. */
void effects(struct page **pages)
{
	page_dup_file_rmap(*pages++, false);
	page_dup_file_rmap(next_page(pages), false);
}

/* Others with a similar name. */
void others(struct page *page)
{
	__page_dup_rmap(page, false);
	page_dup_rmap(page, true);
	hugetlb_add_file_rmap(page_folio(page));
}

static inline void page_dup_file_rmap(struct page *page, bool compound)
{
	if (compound)
		folio_dup_file_rmap_pmd(page_folio(page), page);
	else
		folio_dup_file_rmap_pte(page_folio(page), page);
}
