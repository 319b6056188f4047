// SPDX-License-Identifier: GPL-2.0-only
// What try_share_anon_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* An entry that is read is not cleared. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (pmd_none(pmdp_get_lockless(page)))
		return;
	page_try_share_anon_rmap(page);
}

/* A PMD in a function of hugetlb. */
void f(struct vm_area_struct *vma, struct page *page)
{
	pmdp_invalidate(vma, 0, page->pmd);
	if (is_vm_hugetlb_page(vma))
		return;
	page_try_share_anon_rmap(page);
}

/* Done twice: a call of a member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	ptep_clear_flush(vma, 0, page->pte);
	page_try_share_anon_rmap(page->ops->next(page));
}

/* Done twice: it moves on. */
void f(struct vm_area_struct *vma, struct page *page)
{
	ptep_clear_flush(vma, 0, page->pte);
	page_try_share_anon_rmap(page++);
}

/* A macro names what it is given twice. */
#define vendor_call(p) page_try_share_anon_rmap(p)
