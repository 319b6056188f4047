// SPDX-License-Identifier: GPL-2.0-only
/* What add_new_anon_rmap.cocci changes on 5.10, and what it has to leave alone. */

void fault(struct vm_fault *vmf, struct page *new_page)
{
	struct vm_area_struct *vma = vmf->vma;

	if (likely(pte_same(*vmf->pte, vmf->orig_pte))) {
		folio_add_new_anon_rmap(page_folio(new_page), vma,
					vmf->address);
		lru_cache_add_inactive_or_unevictable(new_page, vma);
	}
}

void huge_fault(struct vm_area_struct *vma, struct page *page,
		unsigned long haddr)
{
	folio_add_new_anon_rmap(page_folio(page), vma, haddr);
}

void variable(struct vm_area_struct *vma, struct page *page, bool huge)
{
	folio_add_new_anon_rmap(page_folio(page), vma, vma->vm_start);
}

/* The page is named once afterwards, too. */
void effects(struct vm_area_struct *vma, struct page **pages, int i)
{
	folio_add_new_anon_rmap(page_folio(pages[i++]), vma, vma->vm_start);
}

void numbers(struct vm_area_struct *vma, struct page *page)
{
	folio_add_new_anon_rmap(page_folio(page), vma, vma->vm_start);
	folio_add_new_anon_rmap(page_folio(page), vma, vma->vm_start);
}

/* Must not match: three arguments, this is a later kernel's. */
void later(struct vm_area_struct *vma, struct page *page)
{
	page_add_new_anon_rmap(page, vma, vma->vm_start);
}

/* Must not match: what is dropped would not be evaluated any more. */
void dropped(struct vm_area_struct *vma, struct page *page, bool huge)
{
	page_add_new_anon_rmap(page, vma, 0, huge = next(vma));
	page_add_new_anon_rmap(page, vma, 0, take(page));
	page_add_new_anon_rmap(page, vma, 0, vma->count++ > 1);
}

/* Must not match: other functions, and a comment on page_add_new_anon_rmap(). */
void others(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(page, vma, vma->vm_start, true);
	hugepage_add_new_anon_rmap(page, vma, vma->vm_start);
}
