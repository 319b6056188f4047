// SPDX-License-Identifier: GPL-2.0-only
// What add_anon_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* The function is called so. */
void vendor_hugetlb_unmap(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(page, vma, 0, true);
}

/* A member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page->hugetlb)
		page_add_anon_rmap(page, vma, 0, true);
}

/* A type. */
void f(struct vm_area_struct *vma, struct page *page)
{
	int order = ((struct hstate *)page->private)->order;

	page_add_anon_rmap(page, vma, 0, true);
}

/* Done twice: a call. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(next(page), vma, 0, false);
}

/* Done twice: a call of a member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(page->ops->next(page), vma, 0, false);
}

/* Done twice: a call through a pointer. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap((*vma->next)(page), vma, 0, false);
}

/* Done twice: one out of a table. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(table[1](page), vma, 0, false);
}

/* Done twice: it moves on. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(page++, vma, 0, false);
}

/* Done twice: an assignment. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(page += 1, vma, 0, false);
}

/* Not known: a macro without arguments. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(NEXT_PAGE, vma, 0, false);
}

/* Not known: one within. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(NEXT_PAGE + 1, vma, 0, false);
}

/* A macro whose body is a function would be cut in two. */
#define DEFINE_VENDOR(name, p, v) \
void name(void) \
{ \
	page_add_anon_rmap(p, v, 0, c); \
}

/* A macro names what it is given twice. */
#define vendor_call(p, v) page_add_anon_rmap(p, v, 0, false)

/* A directive among the arguments: the other branch is not seen. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(page
#ifdef CONFIG_X
		+ 1
#endif
		, vma, 0, false);
}

/* And one of several lines. */
#define vendor_calls(p, v) \
do { \
	page_add_anon_rmap(p, v, 0, false); \
	other(p); \
} while (0)
