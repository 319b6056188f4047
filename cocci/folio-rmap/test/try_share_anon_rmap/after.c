// SPDX-License-Identifier: GPL-2.0-only
/* What try_share_anon_rmap.cocci changes, and what it has to leave alone. */

int protect(struct vm_area_struct *vma, struct page *page, pte_t *ptep)
{
	bool anon_exclusive = PageAnonExclusive(page);
	pte_t entry = ptep_clear_flush(vma, 0, ptep);

	/* See page_try_share_anon_rmap(): clear PTE first. */
	if (anon_exclusive && folio_try_share_anon_rmap_pte(page_folio(page), page)) {
		set_pte_at(vma->vm_mm, 0, ptep, entry);
		return -EBUSY;
	}
	return 0;
}

int migrate_pmd(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	bool anon_exclusive;
	pmd_t pmdval = pmdp_invalidate(vma, 0, pmd);

	anon_exclusive = PageAnon(page) && PageAnonExclusive(page);
	if (anon_exclusive && folio_try_share_anon_rmap_pmd(page_folio(page), page)) {
		set_pmd_at(vma->vm_mm, 0, pmd, pmdval);
		return -EBUSY;
	}
	return 0;
}

void split_pmd(struct vm_area_struct *vma, struct page *page, pmd_t *pmd, bool freeze)
{
	pmd_t old = pmdp_invalidate(vma, 0, pmd);

	if (is_pmd_migration_entry(old)) {
		page = pmd_page(old);
	} else {
		page = pmd_page(old);
		if (freeze && folio_try_share_anon_rmap_pmd(page_folio(page), page))
			freeze = false;
	}
}

/* A PMD is invalidated, but on another way. */
void either_way(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	if (pmd_trans_huge(*pmd)) {
		pmdp_invalidate(vma, 0, pmd);
		return;
	}
	BUG_ON(page_try_share_anon_rmap(page));
}

/* What was cleared last counts. */
void both_levels(struct vm_area_struct *vma, struct page *page, pmd_t *pmd, pte_t *pte)
{
	while (page) {
		if (pmd_trans_huge(*pmd))
			pmdp_invalidate(vma, 0, pmd);
		ptep_clear_flush(vma, 0, pte);
		if (folio_try_share_anon_rmap_pte(page_folio(page), page))
			page = NULL;
	}
}

/* One way here has cleared a PTE, the other one a PMD: somebody has to read this. */
int ambiguous(struct vm_area_struct *vma, struct page *page, pmd_t *pmd, pte_t *pte)
{
	if (pmd_trans_huge(*pmd))
		pmdp_invalidate(vma, 0, pmd);
	else
		ptep_clear_flush(vma, 0, pte);
	return page_try_share_anon_rmap(page);
}

/* A folio of hugetlb goes elsewhere. */
int either_kind(struct folio *folio, struct page *subpage)
{
	if (folio_test_hugetlb(folio))
		return hugetlb_try_share_anon_rmap(folio);
	return page_try_share_anon_rmap(subpage);
}

/* The page would be named twice, and what naming it does be done twice. */
int effects(struct page **pages)
{
	return page_try_share_anon_rmap(*pages++) ||
	       page_try_share_anon_rmap(next_page(pages));
}

static inline int page_try_share_anon_rmap(struct page *page)
{
	return folio_try_share_anon_rmap_pte(page_folio(page), page);
}

/* Neither kind of entry is in sight, and what clears it here is another one's. */
int unknown(struct vm_area_struct *vma, struct page *page)
{
	vendor_clear(vma, page);
	return page_try_share_anon_rmap(page);
}

int other_pmd(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	pmdp_huge_clear_flush(vma, 0, pmd);
	return folio_try_share_anon_rmap_pmd(page_folio(page), page);
}

int huge(struct vm_area_struct *vma, struct page *page, pte_t *pte)
{
	if (PageHuge(page)) {
		huge_ptep_clear_flush(vma, 0, pte);
		return page_try_share_anon_rmap(page);
	}
	ptep_clear_flush(vma, 0, pte);
	return folio_try_share_anon_rmap_pte(page_folio(page), page);
}

int huge_in_a_loop(struct folio *folio, struct page *page, pte_t *pte)
{
	while (next(pte)) {
		if (folio_test_hugetlb(folio)) {
			huge_ptep_clear_flush(folio, 0, pte);
			if (page_try_share_anon_rmap(page))
				return 1;
		} else {
			ptep_clear_flush(folio, 0, pte);
			if (page_try_share_anon_rmap(page += 1) ||
			    folio_try_share_anon_rmap_pte(page_folio(page), page))
				return 1;
		}
	}
	return 0;
}
