// SPDX-License-Identifier: GPL-2.0-only
/* What hugetlb.cocci changes on 5.10, and what it has to leave alone. */

/* fork() finds either kind, in an arm of its own or not. */
int fork_range(struct mm_struct *dst, struct mm_struct *src,
	       struct vm_area_struct *vma)
{
	struct page *page;
	unsigned long addr;
	struct hstate *h = hstate_vma(vma);
	int ret = 0;

	for (addr = vma->vm_start; addr < vma->vm_end; addr += huge_page_size(h)) {
		if (huge_pte_none(addr)) {
			;
		} else {
			page = pte_page(addr);
			get_page(page);
			page_dup_rmap(page, true);
			set_huge_pte_at(dst, addr);
		}
	}
	return ret;
}

void unmap_range(struct mmu_gather *tlb, struct vm_area_struct *vma,
		 unsigned long start, unsigned long end)
{
	unsigned long address;
	struct page *page;
	struct hstate *h = hstate_vma(vma);

	for (address = start; address < end; address += huge_page_size(h)) {
		page = find(address);
		if (!page)
			continue;
		hugetlb_count_sub(pages_per_huge_page(h), vma->vm_mm);
		page_remove_rmap(page, true);
		if (last(page))
			break;
	}
}

vm_fault_t cow(struct vm_area_struct *vma, unsigned long haddr)
{
	struct hstate *h = hstate_vma(vma);
	struct page *old_page, *new_page;

	if (likely(same_huge(h, haddr))) {
		page_remove_rmap(old_page, true);
		hugepage_add_new_anon_rmap(new_page, vma, haddr);
		new_page = old_page;
	}
	return 0;
}

/* The other arm adds an anonymous page: this one is of a file. */
vm_fault_t no_page(struct vm_area_struct *vma, unsigned long haddr)
{
	struct hstate *h = hstate_vma(vma);
	struct page *page = alloc(h);
	int anon_rmap = 0;

	if (anon_rmap) {
		ClearPagePrivate(page);
		hugepage_add_new_anon_rmap(page, vma, haddr);
	} else
		page_dup_rmap(page, true);
	return 0;
}

int copy_atomic(struct vm_area_struct *dst_vma, unsigned long dst_addr)
{
	int vm_shared = dst_vma->vm_flags & VM_SHARED;
	struct hstate *h = hstate_vma(dst_vma);
	struct page *page = alloc(h);

	if (vm_shared) {
		page_dup_rmap(page, true);
	} else {
		ClearPagePrivate(page);
		hugepage_add_new_anon_rmap(page, dst_vma, dst_addr);
	}
	return 0;
}

/* No hstate here, but the arms say it all. The rest is for other pages. */
bool remove_entry(struct page *new, struct vm_area_struct *vma)
{
	struct page_vma_mapped_walk pvmw;

	if (PageHuge(new)) {
		if (PageAnon(new))
			hugepage_add_anon_rmap(new, vma, pvmw.address);
		else
			page_dup_rmap(new, true);
	} else {
		if (PageAnon(new))
			page_add_anon_rmap(new, vma, pvmw.address, false);
		else
			page_add_file_rmap(new, false);
	}
	return true;
}

bool unmap_one(struct page *page, struct page *subpage)
{
	if (!page)
		goto discard;
	set_pte_at(page);
discard:
	page_remove_rmap(subpage, PageHuge(page));
	put_page(page);
	return true;
}

/* Must not match: an "if" that becomes two would take the "else". */
void bare_arms(struct vm_area_struct *vma, struct page *page, bool compound)
{
	if (page)
		page_remove_rmap(page, PageHuge(page));
	else
		other(vma);
	if (vma)
		page_remove_rmap(page, PageHuge(page));
}

/* No hstate, but the question is asked. */
void asked(struct page *page)
{
	if (PageHuge(page)) {
		hugetlb_count_sub(page);
		page_remove_rmap(page, true);
	}
}

/* THPs say true as well, and are none of hugetlb's. */
int copy_pmd(struct vm_area_struct *dst_vma, struct vm_area_struct *src_vma)
{
	struct page *src_page;

	get_page(src_page);
	page_dup_rmap(src_page, true);
	return 0;
}

int zap_pmd(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, true);
	return 1;
}

void asked_otherwise(struct vm_area_struct *vma, struct page *page)
{
	if (!PageHuge(page))
		page_remove_rmap(page, true);
}

/* An arm that adds a THP says nothing about hugetlb. */
void remove_pmd(struct vm_area_struct *vma, struct page *new, unsigned long start)
{
	if (PageAnon(new))
		page_add_anon_rmap(new, vma, start, true);
	else
		page_add_file_rmap(new, true);
}

/* Small pages are small pages, in whichever function. */
void small_pages(struct vm_area_struct *vma, struct page *page)
{
	struct hstate *h = hstate_vma(vma);

	page_dup_rmap(page, false);
	page_remove_rmap(page, false);
	use_huge(h);
}

/* An hstate that comes later, or from the caller, is one as well. */
void hstate_later(struct vm_area_struct *vma, struct page *page)
{
	struct hstate *h;

	h = hstate_vma(vma);
	page_remove_rmap(page, true);
	page_dup_rmap(page, true);
	use_huge(h);
}

void hstate_from_caller(struct hstate *h, struct vm_area_struct *vma,
			struct page *page)
{
	if (page)
		page_remove_rmap(page, true);
	page_dup_rmap(page, true);
}

void vma_before_hstate(struct vm_area_struct *vma, struct hstate *h,
		       struct page *page)
{
	page_dup_rmap(page, true);
}

/* Must not match: it has an hstate only if it needs one. */
void hstate_at_times(struct vm_area_struct *vma, struct page *page)
{
	struct hstate *h = NULL;

	if (is_vm_hugetlb_page(vma))
		h = hstate_vma(vma);
	page_remove_rmap(page, true);
	page_dup_rmap(page, true);
	use_huge(h);
}

/* Must not match: an "if" that becomes two would take the "else". */
void bare_in_fork(struct vm_area_struct *vma, struct page *page)
{
	struct hstate *h = hstate_vma(vma);

	if (page)
		page_dup_rmap(page, true);
	else
		page_dup_rmap(page, true);
	if (vma)
		while (next(h))
			page_dup_rmap(page, true);
	else
		other(vma);
	for (;;)
		page_remove_rmap(page, PageHuge(page));
}

/* Must not match: it would be evaluated more than once. */
void effects_in_fork(struct vm_area_struct *vma, struct page **pages, int i)
{
	struct hstate *h = hstate_vma(vma);

	page_dup_rmap(pages[i += 1], true);
	use_huge(h);
}

/* The question may be about the area, have one statement behind it, or another arm. */
void asked_of_area(struct vm_area_struct *vma, struct page *page)
{
	if (is_vm_hugetlb_page(vma))
		page_remove_rmap(page, true);
	if (is_vm_hugetlb_page(vma)) {
		count(vma);
		page_remove_rmap(page, true);
	} else {
		page_remove_rmap(page, true);
	}
	if (PageHuge(page))
		page_remove_rmap(page, true);
	else
		page_remove_rmap(page, true);
}

/* Must not match: it was asked of something else. */
void asked_of_another(struct vm_area_struct *vma, struct page *page,
		      struct page *next)
{
	if (PageHuge(next)) {
		page_remove_rmap(page, true);
	}
	if (PageHuge(page)) {
		page = next;
		page_remove_rmap(page, true);
	}
	if (PageHuge(page)) {
		page++;
		page_remove_rmap(page, true);
	}
	if (is_vm_hugetlb_page(vma)) {
		vma = vma->vm_next;
		page_remove_rmap(page, true);
	}
}

/* Neither is a comment about page_remove_rmap(page, true) code. */



/* The hstate may be NULL. */
void has_none(struct page *page, struct vm_area_struct *vma)
{
	struct hstate *h = hstate_vma(vma);

	if (!h) {
		page_remove_rmap(page, true);
		page_dup_rmap(page, true);
	} else {
		flush(huge_page_size(h));
	}
}

void gets_one(struct page *page, struct vm_area_struct *vma)
{
	struct hstate *h;

	h = hstate_vma(vma);
	if (likely(h != NULL) && huge_page_size(h))
		return;
	page_remove_rmap(page, true);
	page_dup_rmap(page, true);
}

void is_given_one(struct page *page, struct vm_area_struct *vma, struct hstate *h)
{
	if (h)
		return;
	page_remove_rmap(page, true);
	page_dup_rmap(page, true);
}
