// SPDX-License-Identifier: GPL-2.0-only
/* What add_new_anon_rmap.cocci changes, and what it has to leave alone. */

void anonymous(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;

	page_add_new_anon_rmap(page, vma, vmf->address);
	/* See page_add_new_anon_rmap(). */
	lru_cache_add_inactive_or_unevictable(page, vma);
}

void either(struct vm_area_struct *vma, struct page *new_page, unsigned long addr)
{
	if (new_page)
		page_add_new_anon_rmap(new_page, vma, addr);
	else
		page_add_new_anon_rmap(alloc_page_vma(GFP_KERNEL, vma, addr), vma, addr & PMD_MASK);
}

/* The page is a new copy; what is called folio is what it was copied from. */
void copied(struct vm_area_struct *vma, struct page *page, unsigned long addr)
{
	struct folio *folio = page_folio(page);
	struct page *swapcache = page;

	page = ksm_might_need_to_copy(page, vma, addr);
	if (page != swapcache)
		page_add_new_anon_rmap(page, vma, addr);
	folio_unlock(folio);
}

/* Others with a similar name. */
void others(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	hugepage_add_new_anon_rmap(page, vma, addr);
	page_add_anon_rmap(page, vma, addr, RMAP_NONE);
	folio_add_new_anon_rmap(page_folio(page), vma, addr);
}

void page_add_new_anon_rmap(struct page *page, struct vm_area_struct *vma,
			    unsigned long address)
{
	folio_add_new_anon_rmap(page_folio(page), vma, address);
}
