// SPDX-License-Identifier: GPL-2.0-only
/* What hugetlb.cocci changes, and what it has to leave alone. */

/* Both kinds in the arms of one condition; the page of the file was not mapped yet. */
void fault(struct vm_area_struct *vma, struct page *page, unsigned long haddr,
	   bool anon_rmap)
{
	if (anon_rmap) {
		ClearHPageRestoreReserve(page);
		hugepage_add_new_anon_rmap(page, vma, haddr);
	} else
		page_dup_file_rmap(page, true);
}

void copied_in(struct vm_area_struct *vma, struct page *page, unsigned long addr,
	       bool in_pagecache)
{
	if (in_pagecache) {
		page_dup_file_rmap(page, true);
	} else {
		ClearHPageRestoreReserve(page);
		hugepage_add_new_anon_rmap(page, vma, addr);
	}
}

/* A THP is not hugetlb, and stands beside it. */
bool migrated(struct folio *folio, struct vm_area_struct *vma, struct page *new,
	      unsigned long address, rmap_t rmap_flags)
{
	if (folio_test_hugetlb(folio)) {
		if (folio_test_anon(folio))
			hugepage_add_anon_rmap(new, vma, address, rmap_flags);
		else
			page_dup_file_rmap(new, true);
	} else {
		if (folio_test_anon(folio))
			page_add_anon_rmap(new, vma, address, rmap_flags);
		else
			page_add_file_rmap(new, vma, false);
	}
	return true;
}

/* Only hugetlb has an hstate. */
int fork_range(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma)
{
	struct hstate *h = hstate_vma(src_vma);
	struct page *ptepage;
	unsigned long addr;
	int ret = 0;

	for (addr = src_vma->vm_start; addr < src_vma->vm_end; addr += huge_page_size(h)) {
		ptepage = find(addr);
		if (!ptepage)
			continue;
		if (!PageAnon(ptepage)) {
			page_dup_file_rmap(ptepage, true);
		} else if (page_try_dup_anon_rmap(ptepage, true, src_vma)) {
			ret = -EAGAIN;
			break;
		}
	}
	return ret;
}

void unmap_range(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	unsigned long address;
	struct page *page;
	struct hstate *h = hstate_vma(vma);

	for (address = start; address < end; address += huge_page_size(h)) {
		page = find(address);
		/* page_remove_rmap(page, vma, true) was here. */
		page_remove_rmap(page, vma, true);
		if (last(page))
			return;
	}
}

void unmap_page(struct vm_area_struct *vma, struct hstate *h, struct page *page)
{
	if (huge_page_size(h))
		page_remove_rmap(page, vma, true);
}

void cow(struct vm_area_struct *vma, struct page *old_page, struct page *new_page,
	 unsigned long haddr)
{
	struct hstate *h = hstate_vma(vma);

	if (page_mapcount(old_page) == 1) {
		if (!PageAnonExclusive(old_page))
			page_move_anon_rmap(old_page, vma);
		return;
	}
	copy(new_page, old_page, huge_page_size(h));
	page_remove_rmap(old_page, vma, true);
	hugepage_add_new_anon_rmap(new_page, vma, haddr);
}

/* Of either kind, known only when it runs. */
void unmap_one(struct folio *folio, struct vm_area_struct *vma, struct page *subpage)
{
	page_remove_rmap(subpage, vma, folio_test_hugetlb(folio));
	if (vma->vm_flags & VM_LOCKED)
		mlock_page_drain_local();
}

bool migrate_one(struct folio *folio, struct vm_area_struct *vma, struct page *subpage,
		 pte_t *pte, pte_t pteval)
{
	bool anon_exclusive = folio_test_anon(folio) && PageAnonExclusive(subpage);
	bool ret = true;

	while (next(pte)) {
		if (folio_is_device_private(folio)) {
			if (anon_exclusive)
				BUG_ON(page_try_share_anon_rmap(subpage));
		} else {
			if (anon_exclusive &&
			    page_try_share_anon_rmap(subpage)) {
				if (folio_test_hugetlb(folio))
					set_huge_pte_at(vma->vm_mm, 0, pte, pteval);
				else
					set_pte_at(vma->vm_mm, 0, pte, pteval);
				ret = false;
				break;
			}
		}
		page_remove_rmap(subpage, vma, folio_test_hugetlb(folio));
	}
	return ret;
}

/* THP: "true" stands for a PMD. */
void zap_pmd(struct vm_area_struct *vma, struct page *page, bool anon)
{
	if (anon)
		page_try_dup_anon_rmap(page, true, vma);
	else
		page_dup_file_rmap(page, true);
	page_remove_rmap(page, vma, true);
}

/* Sharing failed, and nobody asks what the folio is. */
bool unmap_small(struct folio *folio, struct page *subpage, bool anon_exclusive)
{
	if (anon_exclusive &&
	    page_try_share_anon_rmap(subpage)) {
		set_pte_at(folio, subpage);
		return false;
	}
	return true;
}

/* What is asked is no hugetlb folio. */
void unmap_large(struct folio *folio, struct vm_area_struct *vma, struct page *subpage)
{
	page_remove_rmap(subpage, vma, folio_test_large(folio));
}

/* Use hugetlb_add_anon_rmap() instead. */
void hugepage_add_anon_rmap(struct page *page, struct vm_area_struct *vma,
			    unsigned long address, rmap_t flags)
{
	hugetlb_add_anon_rmap(page_folio(page), vma, address, flags);
}

/* The hstate comes later, and on every way. */
void later(struct page *page, struct vm_area_struct *vma)
{
	struct hstate *h;

	h = hstate_vma(vma);
	page_remove_rmap(page, vma, true);
	flush(huge_page_size(h));
}

/* On one way only. */
void on_one_way(struct page *page, struct vm_area_struct *vma)
{
	struct hstate *h = NULL;

	if (vma->vm_flags & VM_HUGETLB)
		h = hstate_vma(vma);
	page_remove_rmap(page, vma, true);
}

/* The page or the area is asked. */
int asks(struct page *page, struct page *other, struct vm_area_struct *vma,
	 struct vm_area_struct *area)
{
	if (PageHuge(page)) {
		page_dup_file_rmap(page, true);
		page_remove_rmap(other, vma, true);
	} else {
		page_remove_rmap(page, vma, true);
	}
	if (PageHuge(page))
		page_remove_rmap(page, vma, true);
	if (is_vm_hugetlb_page(vma)) {
		if (page_try_dup_anon_rmap(page, true, vma))
			return 1;
		page_remove_rmap(page, area, true);
	}
	if (is_vm_hugetlb_page(vma))
		page_remove_rmap(page, vma, true);
	else
		page_remove_rmap(page, vma, true);
	return 0;
}

/* Of either kind, under a condition of its own. */
void asks_in_passing(struct page *page, struct folio *folio, struct vm_area_struct *vma,
		     int n)
{
	if (page)
		page_remove_rmap(page, vma, PageHuge(page));
	if (n)
		page_remove_rmap(page, vma, folio_test_hugetlb(folio));
	else
		page_remove_rmap(page, vma, PageHuge(page));
	while (n--)
		page_remove_rmap(page, vma, PageHuge(page));
}

/* Nothing of this says it for sure. */
void keeps_it(struct page *page, struct folio *folio, struct vm_area_struct *vma)
{
	bool compound = folio_test_hugetlb(folio);

	page_remove_rmap(page, vma, compound);
	if (huge_page_size(hstate_vma(vma)) > PAGE_SIZE)
		page_dup_file_rmap(page, true);
}

/* Some kernels hand over the folio. */
void of_a_folio(struct folio *folio, struct folio *other, struct vm_area_struct *vma,
		unsigned long addr, rmap_t flags)
{
	if (addr)
		hugepage_add_new_anon_rmap(folio, vma, addr);
	else
		page_dup_file_rmap(&folio->page, true);
	hugepage_add_anon_rmap(&other->page, vma, addr, flags);
	hugepage_add_new_anon_rmap(page_folio(vma->page), vma, addr);
}

/* What this is, its type would tell. */
void of_what(struct vm_area_struct *vma, unsigned long addr)
{
	hugepage_add_new_anon_rmap(vma->huge, vma, addr);
}

/* The hstate may be NULL. */
void has_none(struct page *page, struct vm_area_struct *vma)
{
	struct hstate *h = hstate_vma(vma);

	if (!h)
		page_remove_rmap(page, vma, true);
	else
		flush(huge_page_size(h));
}

void has_one(struct page *page, struct vm_area_struct *vma)
{
	struct hstate *h = hstate_vma(vma);

	if (h) {
		flush(huge_page_size(h));
		return;
	}
	page_remove_rmap(page, vma, true);
}

void gets_one(struct page *page, struct vm_area_struct *vma)
{
	struct hstate *h;

	h = hstate_vma(vma);
	if (likely(h != NULL) && huge_page_size(h))
		return;
	page_remove_rmap(page, vma, true);
}

void is_given_one(struct page *page, struct vm_area_struct *vma, struct hstate *h)
{
	if (!h)
		page_remove_rmap(page, vma, true);
}
