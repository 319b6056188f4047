// SPDX-License-Identifier: GPL-2.0-only
/* What move_anon_rmap.cocci changes, and what it has to leave alone. */

void reuse(struct vm_fault *vmf, struct vm_area_struct *vma)
{
	/* See page_move_anon_rmap(). */
	folio_move_anon_rmap(page_folio(vmf->page), vma);
	SetPageAnonExclusive(vmf->page);
	unlock_page(vmf->page);
}

/* The mark is set under the same condition. */
void under_condition(struct page *old_page, struct vm_area_struct *vma)
{
	if (page_mapcount(old_page) == 1 && PageAnon(old_page)) {
		if (!PageAnonExclusive(old_page)) {
			folio_move_anon_rmap(page_folio(old_page), vma);
			SetPageAnonExclusive(old_page);
		}
		set_writable(vma);
	}
}

void in_arms(struct page *page, struct vm_area_struct *vma)
{
	if (!page)
		return;
	else if (PageKsm(page))
		put_page(page);
	else {
		folio_move_anon_rmap(page_folio(page), vma);
		SetPageAnonExclusive(page);
	}
}

void in_a_loop(struct page *page, struct vm_area_struct *vma)
{
	int i;

	for (i = 0; i < 4; i++) {
		folio_move_anon_rmap(page_folio(page + i), vma);
		SetPageAnonExclusive(page + i);
	}
}

/* The page would be named three times, and what naming it does be done so often. */
void effects(struct page **pages, struct vm_area_struct *vma)
{
	page_move_anon_rmap(*pages++, vma);
	page_move_anon_rmap(next_page(pages), vma);
}

void page_move_anon_rmap(struct page *page, struct vm_area_struct *vma)
{
	folio_move_anon_rmap(page_folio(page), vma);
	SetPageAnonExclusive(page);
}

void moves_on(struct page *page, struct vm_area_struct *vma)
{
	page_move_anon_rmap(page += 1, vma);
}
