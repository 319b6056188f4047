// SPDX-License-Identifier: GPL-2.0-only
// What move_anon_rmap.cocci must refuse, each by itself: a piece starts with its comment.

/* Behind a label it may be all of an arm. */
void f(struct vm_area_struct *vma, struct page *page)
{
	if (page)
label:
		page_move_anon_rmap(page, vma);
}

/* Done twice: a call. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_move_anon_rmap(next(page), vma);
}

/* Done twice: a call of a member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_move_anon_rmap(page->ops->next(page), vma);
}

/* Done twice: a call through a pointer. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_move_anon_rmap((*vma->next)(page), vma);
}

/* Done twice: one out of a table. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_move_anon_rmap(table[1](page), vma);
}

/* Done twice: it moves on. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_move_anon_rmap(page++, vma);
}

/* Done twice: an assignment. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_move_anon_rmap(page += 1, vma);
}

/* Not known: a macro without arguments. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_move_anon_rmap(NEXT_PAGE, vma);
}

/* Not known: one within. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_move_anon_rmap(NEXT_PAGE + 1, vma);
}

/* A macro names what it is given twice. */
#define vendor_call(p, v) page_move_anon_rmap(p, v)

/* A directive among the arguments: the other branch is not seen. */
void f(struct vm_area_struct *vma, struct page *page)
{
	page_move_anon_rmap(page
#ifdef CONFIG_X
		+ 1
#endif
		, vma);
}

/* And one of several lines. */
#define vendor_calls(p, v) \
do { \
	page_move_anon_rmap(p, v); \
	other(p); \
} while (0)
