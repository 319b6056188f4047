// SPDX-License-Identifier: GPL-2.0-only
// What add_anon_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* The function is called so. */
void vendor_hugetlb_unmap(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(page, vma, 0, RMAP_COMPOUND);
}

/* A member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page->hugetlb)
		page_add_anon_rmap(page, vma, 0, RMAP_COMPOUND);
}

/* A type. */
void f(struct vm_area_struct *vma, struct page *page)
{
	int order = ((struct hstate *)page->private)->order;

	page_add_anon_rmap(page, vma, 0, RMAP_COMPOUND);
}

/* The flags are shadowed. */
void f(struct page *page, struct vm_area_struct *vma, int x)
{
	rmap_t flags = RMAP_COMPOUND;

	if (x) {
		rmap_t flags = x;

		page_add_anon_rmap(page, vma, 0, flags);
	}
	page_add_anon_rmap(page, vma, 0, flags);
}

/* The flags have another name as well. */
void f(struct page *page, struct vm_area_struct *vma)
{
	rmap_t flags = RMAP_NONE, *p = &flags;

	*p = RMAP_COMPOUND;
	page_add_anon_rmap(page, vma, 0, flags);
}

/* Done twice: a call. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(next(page), vma, 0, RMAP_NONE);
}

/* Done twice: a call of a member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(page->ops->next(page), vma, 0, RMAP_NONE);
}

/* Done twice: a call through a pointer. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap((*vma->next)(page), vma, 0, RMAP_NONE);
}

/* Done twice: one out of a table. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(table[1](page), vma, 0, RMAP_NONE);
}

/* Done twice: it moves on. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(page++, vma, 0, RMAP_NONE);
}

/* Done twice: an assignment. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(page += 1, vma, 0, RMAP_NONE);
}

/* Not known: a macro without arguments. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(NEXT_PAGE, vma, 0, RMAP_NONE);
}

/* Not known: one within. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(NEXT_PAGE + 1, vma, 0, RMAP_NONE);
}

/* A macro whose body is a function would be cut in two. */
#define DEFINE_VENDOR(name, p, v) \
void name(void) \
{ \
	page_add_anon_rmap(p, v, 0, c); \
}

/* A macro names what it is given twice. */
#define vendor_call(p, v) page_add_anon_rmap(p, v, 0, RMAP_NONE)

/* A directive among the arguments: the other branch is not seen. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_add_anon_rmap(page
#ifdef CONFIG_X
		+ 1
#endif
		, vma, 0, RMAP_NONE);
}

/* And one of several lines. */
#define vendor_calls(p, v) \
do { \
	page_add_anon_rmap(p, v, 0, RMAP_NONE); \
	other(p); \
} while (0)
