// SPDX-License-Identifier: GPL-2.0-only
/* What add_anon_rmap.cocci changes, and what it has to leave alone. */

void by_constant(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	if (PageAnon(page))
		folio_add_anon_rmap_pte(page_folio(page), page, vma, addr,
					RMAP_NONE);
	else
		folio_add_anon_rmap_pte(page_folio(page), page, vma, addr,
					RMAP_EXCLUSIVE);
	folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_NONE);
	folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr,
				RMAP_EXCLUSIVE);
	folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr,
				RMAP_EXCLUSIVE);
}

void variable_pte(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	rmap_t rmap_flags = RMAP_NONE;

	if (pte_swp_exclusive(addr))
		rmap_flags |= RMAP_EXCLUSIVE;
	folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, rmap_flags);
}

void variable_pmd(struct page *new, struct vm_area_struct *vma, unsigned long haddr)
{
	if (PageAnon(new)) {
		rmap_t rmap_flags = RMAP_NONE;

		if (!is_readable_migration_entry(haddr))
			rmap_flags |= RMAP_EXCLUSIVE;

		folio_add_anon_rmap_pmd(page_folio(new), new, vma, haddr,
					rmap_flags);
	} else {
		folio_add_file_rmap_pmd(page_folio(new), new, vma);
	}
}

/* The level comes later: it is asked for when it runs. */
void late(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	rmap_t flags = RMAP_NONE;

	if (PageTransHuge(page))
		flags |= RMAP_COMPOUND;
	page_add_anon_rmap(page, vma, addr, flags);
}

void lost(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	rmap_t flags = RMAP_COMPOUND;

	if (PageTail(page))
		flags = RMAP_NONE;
	page_add_anon_rmap(page, vma, addr, flags);
}

void passed(struct page *page, struct vm_area_struct *vma, unsigned long addr,
	    rmap_t flags)
{
	page_add_anon_rmap(page, vma, addr, flags);
}

void elsewhere(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	rmap_t flags = RMAP_NONE;

	choose_flags(page, &flags);
	page_add_anon_rmap(page, vma, addr, flags);
}

/* The page would be named twice, and what naming it does be done twice. */
void effects(struct page **pages, struct vm_area_struct *vma, unsigned long addr)
{
	page_add_anon_rmap(*pages++, vma, addr, RMAP_NONE);
	page_add_anon_rmap(next_page(pages), vma, addr, RMAP_NONE);
}

/* Others with a similar name. */
void others(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	rmap_t flags = RMAP_NONE;

	hugepage_add_anon_rmap(page, vma, addr, flags);
	do_page_add_anon_rmap(page, vma, addr, flags);
	page_add_new_anon_rmap(page, vma, addr);
}

void page_add_anon_rmap(struct page *page, struct vm_area_struct *vma,
			unsigned long address, rmap_t flags)
{
	if (flags & RMAP_COMPOUND)
		folio_add_anon_rmap_pmd(page_folio(page), page, vma, address,
					flags & ~RMAP_COMPOUND);
	else
		folio_add_anon_rmap_pte(page_folio(page), page, vma, address,
					flags);
}

/* The flags are somebody else's too. */
void read_elsewhere(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	rmap_t flags = RMAP_COMPOUND;

	if (PageAnon(page))
		page_add_anon_rmap(page, vma, addr, flags);
	else
		vendor_add(page, vma, addr, flags);
}

void asked_elsewhere(struct page *page, struct vm_area_struct *vma, unsigned long addr)
{
	rmap_t flags = RMAP_COMPOUND;

	page_add_anon_rmap(page, vma, addr, flags);
	if (flags & RMAP_COMPOUND)
		account(vma, HPAGE_PMD_NR);
}

void effect_of_pmd(struct page **pages, struct vm_area_struct *vma, unsigned long addr)
{
	rmap_t flags = RMAP_COMPOUND;

	page_add_anon_rmap(*pages++, vma, addr, flags);
}

/* Not known before it runs. */
void given(struct page *page, struct vm_area_struct *vma, unsigned long addr, rmap_t f)
{
	page_add_anon_rmap(page, vma, addr, f | RMAP_EXCLUSIVE);
	page_add_anon_rmap(page += 1, vma, addr, RMAP_NONE);
}
