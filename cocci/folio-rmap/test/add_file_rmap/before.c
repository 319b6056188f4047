// SPDX-License-Identifier: GPL-2.0-only
/* What add_file_rmap.cocci changes, and what it has to leave alone. */

void by_pte(struct page *page, struct vm_area_struct *vma)
{
	get_page(page);
	/* page_add_file_rmap(page, vma, false) counts it. */
	page_add_file_rmap(page, vma, false);
}

void by_pmd(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;

	if (vma)
		page_add_file_rmap(page, vma, true);
	else
		page_add_file_rmap(vmf->page, vmf->vma, 1);
}

void by_number(struct page *page, struct vm_area_struct *vma)
{
	page_add_file_rmap(page, vma, 0);
}

/* Too long for one line. */
void deeper(struct page *page, struct vm_area_struct *dst_vma)
{
	for (;;) {
		if (dst_vma) {
			do {
				page_add_file_rmap(page, dst_vma, false);
			} while (page);
		}
	}
}

/* Known only when it runs. */
void by_variable(struct page *page, struct vm_area_struct *vma, bool compound)
{
	page_add_file_rmap(page, vma, compound);
	if (page)
		page_add_file_rmap(page + 1, vma, thp_size(page) > 1);
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
