// SPDX-License-Identifier: GPL-2.0-only
// What remove_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* The function is called so. */
void vendor_hugetlb_unmap(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, vma, true);
}

/* A member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page->hugetlb)
		page_remove_rmap(page, vma, true);
}

/* A type. */
void f(struct vm_area_struct *vma, struct page *page)
{
	int order = ((struct hstate *)page->private)->order;

	page_remove_rmap(page, vma, true);
}

/* A pointer to one. */
void f(struct hstate **h, struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, vma, true);
}

/* A parameter. */
void f(struct vm_area_struct *vma, struct page *page, struct hstate *h)
{
	page_remove_rmap(page, vma, true);
}

/* The page is asked. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (PageHuge(page))
		page_remove_rmap(page, vma, true);
}

/* The mapping is asked, behind the call. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, vma, true);
	if (is_vm_hugetlb_page(vma))
		return;
}

/* Its flags are. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (vma->vm_flags & VM_HUGETLB)
		page_remove_rmap(page, vma, true);
}

/* A label. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page)
		goto hugetlb;
	return;
hugetlb:
	page_remove_rmap(page, vma, true);
}

/* A loop over all of them. */
void f(struct vm_area_struct *vma, struct page *page)
{
	for_each_hstate(page)
		page_remove_rmap(page, vma, true);
}

/* An entry of its page table. */
void f(struct vm_area_struct *vma, struct page *page)
{
	set_huge_pte_at(vma, page);
	page_remove_rmap(page, vma, true);
}

/* Its allocator. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page = alloc_huge_page(vma, 0, 0);
	page_remove_rmap(page, vma, true);
}

/* A mark that only its pages have. */
void f(struct vm_area_struct *vma, struct page *page)
{
	SetHPageMigratable(page);
	page_remove_rmap(page, vma, true);
}

/* Its configuration, within. */
void f(struct vm_area_struct *vma, struct page *page)
{
#ifdef CONFIG_HUGETLB_PAGE
	page_remove_rmap(page, vma, true);
#endif
}

/* Its configuration, around. */
#if defined(CONFIG_MMU) && defined(CONFIG_HUGETLB_PAGE)
int x;

void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, vma, true);
}
#endif

/* Its configuration, behind a continued line. */
#if defined(CONFIG_MMU) && \
	defined(CONFIG_HUGETLB_PAGE)
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page, vma, true);
}
#endif

/* A brace that stands too far left. */
void f(struct vm_area_struct *vma, struct page *page, struct hstate *h)
{
	if (page) {
		x();
}
	page_remove_rmap(page, vma, true);
}

/* The arm beside adds one of its pages. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (vma)
		hugepage_add_anon_rmap(page, vma, 0, 0);
	else
		page_remove_rmap(page, vma, true);
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
	page_remove_rmap(page, vma, true);
}

/* Done twice: a call. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(next(page), vma, false);
}

/* Done twice: a call of a member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page->ops->next(page), vma, false);
}

/* Done twice: a call through a pointer. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap((*vma->next)(page), vma, false);
}

/* Done twice: one out of a table. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(table[1](page), vma, false);
}

/* Done twice: it moves on. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page++, vma, false);
}

/* Done twice: an assignment. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page += 1, vma, false);
}

/* Not known: a macro without arguments. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(NEXT_PAGE, vma, false);
}

/* Not known: one within. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(NEXT_PAGE + 1, vma, false);
}

/* A macro names what it is given twice. */
#define vendor_call(p, v) page_remove_rmap(p, v, false)

/* A directive among the arguments: the other branch is not seen. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_remove_rmap(page
#ifdef CONFIG_X
		+ 1
#endif
		, vma, false);
}

/* And one of several lines. */
#define vendor_calls(p, v) \
do { \
	page_remove_rmap(p, v, false); \
	other(p); \
} while (0)
