// SPDX-License-Identifier: GPL-2.0-only
/* What remove_rmap.cocci changes on 5.10, and what it has to leave alone. */

unsigned long zap_range(struct mmu_gather *tlb, struct vm_area_struct *vma,
			pte_t *pte)
{
	int force_flush = 0;

again:
	do {
		if (pte_present(*pte)) {
			struct page *page;

			page = vm_normal_page(vma, *pte);
			if (unlikely(!page))
				continue;
			page_remove_rmap(page, false);
			if (unlikely(page_mapcount(page) < 0))
				print_bad_pte(vma, page);
			continue;
		}
		if (is_device_private_entry(*pte)) {
			struct page *page = device_private_entry_to_page(*pte);

			page_remove_rmap(page, false);
			put_page(page);
		}
	} while (pte++, *pte);
	if (force_flush)
		goto again;
	return 0;
}

void split_pmd(struct vm_area_struct *vma, bool freeze)
{
	struct page *page;
	int i;

	if (!vma_is_anonymous(vma)) {
		if (vma_is_special_huge(vma))
			return;
		page_remove_rmap(page, true);
		put_page(page);
		return;
	}
	if (freeze) {
		for (i = 0; i < HPAGE_PMD_NR; i++) {
			page_remove_rmap(page + i, false);
			put_page(page + i);
		}
	}
}

void set_entry(struct page_vma_mapped_walk *pvmw, struct page *page)
{
	struct vm_area_struct *vma = pvmw->vma;
	unsigned long address = pvmw->address;

	if (!(pvmw->pmd && !pvmw->pte))
		return;
	flush_cache_range(vma, address);
	page_remove_rmap(page, true);
	put_page(page);
}

int collect(pmd_t *pmdp, struct mm_walk *walk)
{
	struct migrate_vma *migrate = walk->private;
	struct vm_area_struct *vma = walk->vma;
	struct page *page = vm_normal_page(migrate->vma, pmdp);

	if (trylock_page(page)) {
		page_remove_rmap(page, false);
		put_page(page);
	}
	return vma != NULL;
}

/* What is no hugetlb page was left with false by the rule for hugetlb. */
bool unmap_one(struct page *page, struct vm_area_struct *vma)
{
	struct page *subpage = page;

	if (PageHuge(page))
		hugetlb_remove_rmap(page_folio(subpage));
	else
		page_remove_rmap(subpage, false);
	put_page(page);
	return true;
}

void variable(struct vm_area_struct *vma, struct page *page, bool compound)
{
	page_remove_rmap(page, compound);
	put_page(page);
}

void numbers(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, 0);
	page_remove_rmap(page, 1);
}

/* Must not match: an "if" that becomes two would take the "else". */
void bare_arms(struct vm_area_struct *vma, struct page *page, bool compound)
{
	if (page)
		page_remove_rmap(page, compound);
	else
		other(vma);
	if (vma)
		page_remove_rmap(page, compound);
}

/* Must not match: there is no vma. */
void no_vma(struct mm_struct *mm, struct page *page)
{
	page_remove_rmap(page, false);
}

/* Must not match: which of the two is it? */
void two_params(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma,
		struct page *page)
{
	page_remove_rmap(page, false);
}

void param_and_local(struct vm_area_struct *vma, struct page *page)
{
	struct vm_area_struct *next = vma->vm_next;

	page_remove_rmap(page, false);
	use(next);
}

void two_locals(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;
	struct vm_area_struct *prev = vma->vm_prev;

	page_remove_rmap(page, false);
	use(prev);
}

/* Must not match: it would be evaluated twice. */
void effects(struct vm_area_struct *vma, struct page *page, struct page **pages)
{
	int i = 0;

	page_remove_rmap(page++, false);
	page_remove_rmap(pages[i++], false);
	page_remove_rmap(page += i, false);
	page_remove_rmap(pages[i += 1], true);
	page_remove_rmap(pages[i |= 1], i > 1);
	page_remove_rmap(next_page(pages), false);
}

/* Must not match: the "if" would be the only statement of a loop, or of what is in one. */
void bare_loops(struct vm_area_struct *vma, struct page *page, bool compound)
{
	int i;

	for (i = 0; i < 2; i++)
		page_remove_rmap(page, compound);
	for (;;)
		page_remove_rmap(page, compound);
	if (vma)
		while (next(vma))
			page_remove_rmap(page, compound);
	else
		other(vma);
	list_for_each_entry(page, list(vma), lru)
		page_remove_rmap(page, compound);
	if (vma) {
		other(vma);
	} else
		page_remove_rmap(page, compound);
}

void asked_when_it_runs(struct vm_area_struct *vma, struct page *page)
{
	/* What stands above, */
	page_remove_rmap(page, PageTransHuge(page));	/* and behind. */
	page_remove_rmap(page,
	     !vma->vm_ops && PageTransHuge(page));
}

/* Must not match: it is no statement of its own. */
void expressions(struct vm_area_struct *vma, struct page *page, bool compound)
{
	vma ? page_remove_rmap(page, compound) : other(vma);
	return page_remove_rmap(page, compound);
}

/* Must not match: which of the two is it? */
void in_one_line(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma, *prev = vma->vm_prev;

	page_remove_rmap(page, false);
	use(prev);
}

void in_a_block(struct vm_area_struct *vma, struct page *page)
{
	if (page) {
		struct vm_area_struct *next = vma->vm_next;

		page_remove_rmap(page, false);
		use(next);
	}
}

/* Must not match: other functions, and a comment on page_remove_rmap(page, true). */
void others(struct vm_area_struct *vma, struct page *page)
{
	page_remove_anon_rmap(page);
	page_dup_rmap(page, false);
}
