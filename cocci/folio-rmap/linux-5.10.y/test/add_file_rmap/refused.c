// SPDX-License-Identifier: GPL-2.0-only
// What add_file_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* The function is called so. */
void vendor_hugetlb_unmap(struct vm_area_struct *vma, struct page *page)
{
	page_add_file_rmap(page, true);
}

/* A member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page->hugetlb)
		page_add_file_rmap(page, true);
}

/* A type. */
void f(struct vm_area_struct *vma, struct page *page)
{
	int order = ((struct hstate *)page->private)->order;

	page_add_file_rmap(page, true);
}

/* Done twice: a call. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_file_rmap(next(page), false);
}

/* Done twice: a call of a member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_file_rmap(page->ops->next(page), false);
}

/* Done twice: a call through a pointer. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_file_rmap((*vma->next)(page), false);
}

/* Done twice: one out of a table. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_file_rmap(table[1](page), false);
}

/* Done twice: it moves on. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_file_rmap(page++, false);
}

/* Done twice: an assignment. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_file_rmap(page += 1, false);
}

/* Not known: a macro without arguments. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_file_rmap(NEXT_PAGE, false);
}

/* Not known: one within. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_file_rmap(NEXT_PAGE + 1, false);
}

/* A macro whose body is a function would be cut in two. */
#define DEFINE_VENDOR(name, p, v) \
void name(void) \
{ \
	page_add_file_rmap(p, c); \
}

/* A macro names what it is given twice. */
#define vendor_call(p, v) page_add_file_rmap(p, false)

/* A directive among the arguments: the other branch is not seen. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_file_rmap(page
#ifdef CONFIG_X
		+ 1
#endif
		, false);
}

/* And one of several lines. */
#define vendor_calls(p, v) \
do { \
	page_add_file_rmap(p, false); \
	other(p); \
} while (0)
