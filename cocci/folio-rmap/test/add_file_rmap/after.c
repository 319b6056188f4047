// SPDX-License-Identifier: GPL-2.0-only
/* What add_file_rmap.cocci changes, and what it has to leave alone. */

void by_pte(struct page *page, struct vm_area_struct *vma)
{
	get_page(page);
	/* page_add_file_rmap(page, vma, false) counts it. */
	folio_add_file_rmap_pte(page_folio(page), page, vma);
}

void by_pmd(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;

	if (vma)
		folio_add_file_rmap_pmd(page_folio(page), page, vma);
	else
		folio_add_file_rmap_pmd(page_folio(vmf->page), vmf->page,
				        vmf->vma);
}

void by_number(struct page *page, struct vm_area_struct *vma)
{
	folio_add_file_rmap_pte(page_folio(page), page, vma);
}

/* Too long for one line. */
void deeper(struct page *page, struct vm_area_struct *dst_vma)
{
	for (;;) {
		if (dst_vma) {
			do {
				folio_add_file_rmap_pte(page_folio(page),
							page, dst_vma);
			} while (page);
		}
	}
}

/* Known only when it runs. */
void by_variable(struct page *page, struct vm_area_struct *vma, bool compound)
{
	if (compound)
		folio_add_file_rmap_pmd(page_folio(page), page, vma);
	else
		folio_add_file_rmap_pte(page_folio(page), page, vma);
	if (page) {
		if (thp_size(page) > 1)
			folio_add_file_rmap_pmd(page_folio(page + 1),
						page + 1, vma);
		else
			folio_add_file_rmap_pte(page_folio(page + 1),
						page + 1, vma);
	}
}

/* The page would be named twice, and what naming it does be done twice. */
void effects(struct page **pages, struct vm_area_struct *vma)
{
	page_add_file_rmap(*pages++, vma, false);
	page_add_file_rmap(find_page(vma), vma, true);
}

/* Others with a similar name, and the name without a call. */
void others(struct page *page, struct vm_area_struct *vma)
{
	hugepage_add_file_rmap(page, vma, false);
	page_add_file_rmap_locked(page, vma, false);
	trace("page_add_file_rmap(page, vma, false)");
}

void page_add_file_rmap(struct page *page, struct vm_area_struct *vma,
			bool compound)
{
	if (compound)
		folio_add_file_rmap_pmd(page_folio(page), page, vma);
	else
		folio_add_file_rmap_pte(page_folio(page), page, vma);
}
