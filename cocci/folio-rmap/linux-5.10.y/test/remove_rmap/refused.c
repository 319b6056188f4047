// SPDX-License-Identifier: GPL-2.0-only
// What remove_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* The function is called so. */
void vendor_hugetlb_unmap(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, true);
}

/* A member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page->hugetlb)
		page_remove_rmap(page, true);
}

/* A type. */
void f(struct vm_area_struct *vma, struct page *page)
{
	int order = ((struct hstate *)page->private)->order;

	page_remove_rmap(page, true);
}

/* A pointer to one. */
void f(struct hstate **h, struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, true);
}

/* A parameter. */
void f(struct vm_area_struct *vma, struct page *page, struct hstate *h)
{
	page_remove_rmap(page, true);
}

/* The page is asked. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (PageHuge(page))
		page_remove_rmap(page, true);
}

/* The mapping is asked, behind the call. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, true);
	if (is_vm_hugetlb_page(vma))
		return;
}

/* Its flags are. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (vma->vm_flags & VM_HUGETLB)
		page_remove_rmap(page, true);
}

/* A label. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page)
		goto hugetlb;
	return;
hugetlb:
	page_remove_rmap(page, true);
}

/* A loop over all of them. */
void f(struct vm_area_struct *vma, struct page *page)
{
	for_each_hstate(page)
		page_remove_rmap(page, true);
}

/* An entry of its page table. */
void f(struct vm_area_struct *vma, struct page *page)
{
	set_huge_pte_at(vma, page);
	page_remove_rmap(page, true);
}

/* Its allocator. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page = alloc_huge_page(vma, 0, 0);
	page_remove_rmap(page, true);
}

/* A mark that only its pages have. */
void f(struct vm_area_struct *vma, struct page *page)
{
	SetHPageMigratable(page);
	page_remove_rmap(page, true);
}

/* Its configuration, within. */
void f(struct vm_area_struct *vma, struct page *page)
{
#ifdef CONFIG_HUGETLB_PAGE
	page_remove_rmap(page, true);
#endif
}

/* Its configuration, around. */
#if defined(CONFIG_MMU) && defined(CONFIG_HUGETLB_PAGE)
int x;

void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, true);
}
#endif

/* Its configuration, behind a continued line. */
#if defined(CONFIG_MMU) && \
	defined(CONFIG_HUGETLB_PAGE)
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, true);
}
#endif

/* A brace that stands too far left. */
void f(struct vm_area_struct *vma, struct page *page, struct hstate *h)
{
	if (page) {
		x();
}
	page_remove_rmap(page, true);
}

/* The arm beside adds one of its pages. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (vma)
		hugepage_add_anon_rmap(page, vma, 0, 0);
	else
		page_remove_rmap(page, true);
}

/* Braces that seem to end the function. */
void f(struct vm_area_struct *vma, struct page *page)
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
	page_remove_rmap(page, true);
}

/* Done twice: a call. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(next(page), false);
}

/* Done twice: a call of a member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page->ops->next(page), false);
}

/* Done twice: a call through a pointer. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap((*vma->next)(page), false);
}

/* Done twice: one out of a table. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(table[1](page), false);
}

/* Done twice: it moves on. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page++, false);
}

/* Done twice: an assignment. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page += 1, false);
}

/* Not known: a macro without arguments. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(NEXT_PAGE, false);
}

/* Not known: one within. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(NEXT_PAGE + 1, false);
}

/* A macro names what it is given twice. */
#define vendor_call(p, v) page_remove_rmap(p, false)

/* A directive among the arguments: the other branch is not seen. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page
#ifdef CONFIG_X
		+ 1
#endif
		, false);
}

/* And one of several lines. */
#define vendor_calls(p, v) \
do { \
	page_remove_rmap(p, false); \
	other(p); \
} while (0)
