// SPDX-License-Identifier: GPL-2.0-only
// What try_dup_anon_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* The function is called so. */
void vendor_hugetlb_unmap(struct vm_area_struct *vma, struct page *page)
{
	page_try_dup_anon_rmap(page, true, vma);
}

/* A member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page->hugetlb)
		page_try_dup_anon_rmap(page, true, vma);
}

/* A type. */
void f(struct vm_area_struct *vma, struct page *page)
{
	int order = ((struct hstate *)page->private)->order;

	page_try_dup_anon_rmap(page, true, vma);
}

/* Done twice: a call. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_try_dup_anon_rmap(next(page), false, vma);
}

/* Done twice: a call of a member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_try_dup_anon_rmap(page->ops->next(page), false, vma);
}

/* Done twice: a call through a pointer. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_try_dup_anon_rmap((*vma->next)(page), false, vma);
}

/* Done twice: one out of a table. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_try_dup_anon_rmap(table[1](page), false, vma);
}

/* Done twice: it moves on. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_try_dup_anon_rmap(page++, false, vma);
}

/* Done twice: an assignment. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_try_dup_anon_rmap(page += 1, false, vma);
}

/* Not known: a macro without arguments. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_try_dup_anon_rmap(NEXT_PAGE, false, vma);
}

/* Not known: one within. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_try_dup_anon_rmap(NEXT_PAGE + 1, false, vma);
}

/* A macro names what it is given twice. */
#define vendor_call(p, v) page_try_dup_anon_rmap(p, false, v)

/* A directive among the arguments: the other branch is not seen. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_try_dup_anon_rmap(page
#ifdef CONFIG_X
		+ 1
#endif
		, false, vma);
}

/* And one of several lines. */
#define vendor_calls(p, v) \
do { \
	page_try_dup_anon_rmap(p, false, v); \
	other(p); \
} while (0)
