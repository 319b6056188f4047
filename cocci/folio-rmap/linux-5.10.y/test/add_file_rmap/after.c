// SPDX-License-Identifier: GPL-2.0-only
/* What add_file_rmap.cocci changes on 5.10, and what it has to leave alone. */

int by_param(struct vm_area_struct *vma, pte_t *pte, unsigned long addr,
	     struct page *page)
{
	if (!pte_none(*pte))
		return -EBUSY;
	get_page(page);
	folio_add_file_rmap_pte(page_folio(page), page, vma);
	set_pte_at(vma->vm_mm, addr, pte);
	return 0;
}

/* The vma has the name that the function gives it. */
int by_any_name(struct mm_struct *dst_mm, struct vm_area_struct *dst_vma,
		struct page *page)
{
	inc_mm_counter(dst_mm, mm_counter_file(page));
	folio_add_file_rmap_pte(page_folio(page), page, dst_vma);
	return 0;
}

vm_fault_t by_local(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;
	vm_fault_t ret = VM_FAULT_FALLBACK;

	if (!suitable(vma))
		return ret;
	page = compound_head(page);
	if (unlikely(!pmd_none(*vmf->pmd)))
		goto out;
	folio_add_file_rmap_pmd(page_folio(page), page, vma);
	ret = 0;
out:
	spin_unlock(vmf->ptl);
	return ret;
}

/* In the arm of an if, and a loop; it is one statement before and after. */
bool in_arms(struct page *page, struct vm_area_struct *vma)
{
	struct page_vma_mapped_walk pvmw;
	struct page *new;

	while (page_vma_mapped_walk(&pvmw)) {
		if (pvmw.pte) {
			if (PageAnon(new))
				page_add_anon_rmap(new, vma, pvmw.address, false);
			else
				folio_add_file_rmap_pte(page_folio(new), new,
							vma);
		}
	}
	for (i = 0; i < nr; i++)
		folio_add_file_rmap_pte(page_folio(page + i), page + i, vma);
	return true;
}

void variable(struct vm_area_struct *vma, struct page *page, bool compound)
{
	get_page(page);
	if (compound)
		folio_add_file_rmap_pmd(page_folio(page), page, vma);
	else
		folio_add_file_rmap_pte(page_folio(page), page, vma);
}

void numbers(struct vm_area_struct *vma, struct page *page)
{
	folio_add_file_rmap_pte(page_folio(page), page, vma);
	folio_add_file_rmap_pmd(page_folio(page), page, vma);
}

/* Must not match: an "if" that becomes two would take the "else". */
void bare_arms(struct vm_area_struct *vma, struct page *page, bool compound)
{
	if (page)
		page_add_file_rmap(page, compound);
	else
		other(vma);
	if (vma)
		page_add_file_rmap(page, compound);
}

/* Must not match: there is no vma. */
void no_vma(struct mm_struct *mm, struct page *page)
{
	page_add_file_rmap(page, false);
}

/* Must not match: which of the two is it? */
void two_params(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma,
		struct page *page)
{
	page_add_file_rmap(page, false);
}

void param_and_local(struct vm_area_struct *vma, struct page *page)
{
	struct vm_area_struct *next = vma->vm_next;

	page_add_file_rmap(page, false);
	use(next);
}

void two_locals(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;
	struct vm_area_struct *prev = vma->vm_prev;

	page_add_file_rmap(page, false);
	use(prev);
}

/* Must not match: it would be evaluated twice. */
void effects(struct vm_area_struct *vma, struct page *page, struct page **pages)
{
	int i = 0;

	page_add_file_rmap(page++, false);
	page_add_file_rmap(pages[i++], false);
	page_add_file_rmap(page += i, false);
	page_add_file_rmap(pages[i += 1], true);
	page_add_file_rmap(pages[i |= 1], i > 1);
	page_add_file_rmap(next_page(pages), false);
}

/* Must not match: the "if" would be the only statement of a loop, or of what is in one. */
void bare_loops(struct vm_area_struct *vma, struct page *page, bool compound)
{
	int i;

	for (i = 0; i < 2; i++)
		page_add_file_rmap(page, compound);
	for (;;)
		page_add_file_rmap(page, compound);
	if (vma)
		while (next(vma))
			page_add_file_rmap(page, compound);
	else
		other(vma);
	list_for_each_entry(page, list(vma), lru)
		page_add_file_rmap(page, compound);
	if (vma) {
		other(vma);
	} else
		page_add_file_rmap(page, compound);
}

void asked_when_it_runs(struct vm_area_struct *vma, struct page *page)
{
	/* What stands above, */
	if (PageTransHuge(page))
		folio_add_file_rmap_pmd(page_folio(page), page, vma);
	else
		folio_add_file_rmap_pte(page_folio(page), page, vma);	/* and behind. */
	if (!vma->vm_ops && PageTransHuge(page))
		folio_add_file_rmap_pmd(page_folio(page), page, vma);
	else
		folio_add_file_rmap_pte(page_folio(page), page, vma);
}

/* Must not match: it is no statement of its own. */
void expressions(struct vm_area_struct *vma, struct page *page, bool compound)
{
	vma ? page_add_file_rmap(page, compound) : other(vma);
	return page_add_file_rmap(page, compound);
}

/* Must not match: which of the two is it? */
void in_one_line(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma, *prev = vma->vm_prev;

	page_add_file_rmap(page, false);
	use(prev);
}

void in_a_block(struct vm_area_struct *vma, struct page *page)
{
	if (page) {
		struct vm_area_struct *next = vma->vm_next;

		page_add_file_rmap(page, false);
		use(next);
	}
}

/* Must not match: other functions, and other words. */
void others(struct vm_area_struct *vma, struct page *page)
{
	/* page_add_file_rmap(page, false) in a comment */
	page_remove_rmap(page, false);
	trace("page_add_file_rmap(page, false)");
}
