// SPDX-License-Identifier: GPL-2.0-only
/* What add_anon_rmap.cocci changes on 5.10, and what it has to leave alone. */

bool remove_entry(struct page *page, struct vm_area_struct *vma)
{
	struct page_vma_mapped_walk pvmw;
	struct page *new;

	while (page_vma_mapped_walk(&pvmw)) {
		if (PageAnon(new))
			folio_add_anon_rmap_pte(page_folio(new), new, vma,
						pvmw.address, RMAP_NONE);
		else
			page_add_file_rmap(new, false);
	}
	return true;
}

/* Two pages, two folios: neither stands for the other. */
int unuse(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	struct page *swapcache;

	swapcache = page;
	page = ksm_might_need_to_copy(page, vma, addr);
	if (page == swapcache) {
		folio_add_anon_rmap_pte(page_folio(page), page, vma, addr,
					RMAP_NONE);
	} else { /* ksm created a completely new copy */
		page_add_new_anon_rmap(page, vma, addr, false);
		lru_cache_add_inactive_or_unevictable(page, vma);
	}
	return 1;
}

void variable(struct vm_area_struct *vma, struct page *page, bool compound)
{
	if (compound)
		folio_add_anon_rmap_pmd(page_folio(page), page, vma,
					vma->vm_start, RMAP_NONE);
	else
		folio_add_anon_rmap_pte(page_folio(page), page, vma,
					vma->vm_start, RMAP_NONE);
}

/* The flags cannot hold RMAP_COMPOUND. */
vm_fault_t swap_in(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct page *page, *swapcache;
	rmap_t exclusive = RMAP_NONE;
	vm_fault_t ret = 0;

	page = lookup(vmf);
	if (!page)
		goto out;
	if ((vmf->flags & FAULT_FLAG_WRITE) && reuse_swap_page(page, NULL))
		exclusive = RMAP_EXCLUSIVE;
	if (unlikely(page != swapcache && swapcache))
		page_add_new_anon_rmap(page, vma, vmf->address, false);
	else
		folio_add_anon_rmap_pte(page_folio(page), page, vma,
					vmf->address, exclusive);
out:
	return ret;
}

void constant_flags(struct vm_area_struct *vma, struct page *page)
{
	folio_add_anon_rmap_pte(page_folio(page), page, vma, vma->vm_start,
				RMAP_NONE);
	folio_add_anon_rmap_pte(page_folio(page), page, vma, vma->vm_start,
				RMAP_EXCLUSIVE);
	folio_add_anon_rmap_pmd(page_folio(page), page, vma, vma->vm_start,
				RMAP_NONE);
	folio_add_anon_rmap_pmd(page_folio(page), page, vma, vma->vm_start,
				RMAP_EXCLUSIVE);
}

void remove_pmd(struct page_vma_mapped_walk *pvmw, struct page *new)
{
	struct vm_area_struct *vma = pvmw->vma;
	unsigned long mmun_start = pvmw->address & HPAGE_PMD_MASK;

	if (!PageAnon(new)) {
		page_add_file_rmap(new, true);
		return;
	}
	folio_add_anon_rmap_pmd(page_folio(new), new, vma, mmun_start,
				RMAP_NONE);
}

void numbers(struct vm_area_struct *vma, struct page *page)
{
	folio_add_anon_rmap_pte(page_folio(page), page, vma, vma->vm_start,
				RMAP_NONE);
	folio_add_anon_rmap_pmd(page_folio(page), page, vma, vma->vm_start,
				RMAP_NONE);
}

/* Must not match: an "if" that becomes two would take the "else". */
void bare_arms(struct vm_area_struct *vma, struct page *page, bool compound)
{
	if (page)
		page_add_anon_rmap(page, vma, vma->vm_start, compound);
	else
		other(vma);
	if (vma)
		page_add_anon_rmap(page, vma, vma->vm_start, compound);
}

/* Must not match: the level is in the flags. */
void level_in_flags(struct vm_area_struct *vma, struct page *page)
{
	rmap_t flags = RMAP_NONE;

	if (PageTransHuge(page))
		flags |= RMAP_COMPOUND;
	do_page_add_anon_rmap(page, vma, vma->vm_start, flags);
}

/* Must not match: nobody knows what is in the flags. */
void given_flags(struct vm_area_struct *vma, struct page *page, rmap_t flags)
{
	do_page_add_anon_rmap(page, vma, vma->vm_start, flags);
}

/* Must not match: it would be evaluated twice. */
void effects(struct vm_area_struct *vma, struct page *page, struct page **pages)
{
	int i = 0;

	page_add_anon_rmap(page++, vma, vma->vm_start, false);
	page_add_anon_rmap(pages[i++], vma, vma->vm_start, true);
	page_add_anon_rmap(page += i, vma, vma->vm_start, false);
	page_add_anon_rmap(pages[i += 1], vma, vma->vm_start, true);
	page_add_anon_rmap(pages[i |= 1], vma, vma->vm_start, i > 1);
	do_page_add_anon_rmap(page += 1, vma, vma->vm_start, RMAP_NONE);
	do_page_add_anon_rmap(next(pages), vma, vma->vm_start, RMAP_NONE);
}

/* Must not match: the flags may become anything. */
void changed_flags(struct vm_area_struct *vma, struct page *page)
{
	rmap_t flags = RMAP_NONE;

	flags = lookup(vma);
	do_page_add_anon_rmap(page, vma, vma->vm_start, flags);
}

void flags_for_others(struct vm_area_struct *vma, struct page *page)
{
	rmap_t flags = RMAP_NONE;

	fill(&flags);
	do_page_add_anon_rmap(page, vma, vma->vm_start, flags);
}

void flags_added(struct vm_area_struct *vma, struct page *page, rmap_t more)
{
	rmap_t flags = RMAP_EXCLUSIVE;

	flags |= more;
	do_page_add_anon_rmap(page, vma, vma->vm_start, flags);
}

/* These stay a PTE's. */
void exclusive_flags(struct vm_area_struct *vma, struct page *page)
{
	rmap_t flags = RMAP_NONE;

	if (page)
		flags |= RMAP_EXCLUSIVE;
	folio_add_anon_rmap_pte(page_folio(page), page, vma, vma->vm_start,
				flags);
}

/* Must not match: the "if" would be the only statement of a loop, or of what is in one. */
void bare_loops(struct vm_area_struct *vma, struct page *page, bool compound)
{
	int i;

	for (i = 0; i < 2; i++)
		page_add_anon_rmap(page, vma, 0, compound);
	for (;;)
		page_add_anon_rmap(page, vma, 0, compound);
	if (vma)
		while (next(vma))
			page_add_anon_rmap(page, vma, 0, compound);
	else
		other(vma);
	list_for_each_entry(page, list(vma), lru)
		page_add_anon_rmap(page, vma, 0, compound);
	if (vma) {
		other(vma);
	} else
		page_add_anon_rmap(page, vma, 0, compound);
}

/* Must not match: other functions, and a comment on page_add_anon_rmap(). */
void others(struct vm_area_struct *vma, struct page *page)
{
	page_add_new_anon_rmap(page, vma, vma->vm_start, true);
	page_move_anon_rmap(page, vma);
}
