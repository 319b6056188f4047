// SPDX-License-Identifier: GPL-2.0-only
// PMD[...]PMD is a call for a mapping by a PMD. The refused.sed of a rule says which, and
// then the rule must refuse each piece by itself; a piece starts with its comment.

/* The function is called so. */
void vendor_hugetlb_unmap(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	PMD[page]PMD;
}

/* A member. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	if (page->hugetlb)
		PMD[page]PMD;
}

/* A type. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	int order = ((struct hstate *)page->private)->order;

	PMD[page]PMD;
}

/* A pointer to one. */
void f(struct hstate **h, struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	PMD[page]PMD;
}

/* A parameter. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd, struct hstate *h)
{
	PMD[page]PMD;
}

/* The page is asked. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	if (PageHuge(page))
		PMD[page]PMD;
}

/* The mapping is asked, behind the call. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	PMD[page]PMD;
	if (is_vm_hugetlb_page(vma))
		return;
}

/* Its flags are. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	if (vma->vm_flags & VM_HUGETLB)
		PMD[page]PMD;
}

/* A label. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	if (page)
		goto hugetlb;
	return;
hugetlb:
	PMD[page]PMD;
}

/* A loop over all of them. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	for_each_hstate(page)
		PMD[page]PMD;
}

/* An entry of its page table. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	set_huge_pte_at(vma, page);
	PMD[page]PMD;
}

/* Its allocator. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	page = alloc_huge_page(vma, 0, 0);
	PMD[page]PMD;
}

/* A mark that only its pages have. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	SetHPageMigratable(page);
	PMD[page]PMD;
}

/* Its configuration, within. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
#ifdef CONFIG_HUGETLB_PAGE
	PMD[page]PMD;
#endif
}

/* Its configuration, around. */
#if defined(CONFIG_MMU) && defined(CONFIG_HUGETLB_PAGE)
int x;

void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	PMD[page]PMD;
}
#endif

/* Its configuration, behind a continued line. */
#if defined(CONFIG_MMU) && \
	defined(CONFIG_HUGETLB_PAGE)
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	PMD[page]PMD;
}
#endif

/* A brace that stands too far left. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd, struct hstate *h)
{
	if (page) {
		x();
}
	PMD[page]PMD;
}

/* The arm beside adds one of its pages. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	if (vma)
		hugepage_add_anon_rmap(page, vma, 0, 0);
	else
		PMD[page]PMD;
}

/* Braces that seem to end the function. */
void f(struct vm_area_struct *vma, struct page *page, pmd_t *pmd)
{
	struct hstate *h = page->h;

	if (page) {
#ifdef CONFIG_X
		x();
	}
#else
		y();
	}
#endif
	PMD[page]PMD;
}
