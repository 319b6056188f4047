// SPDX-License-Identifier: GPL-2.0-only
// PTE[...]PTE is a call for a mapping by a PTE. The refused.sed of a rule says which, and
// then the rule must refuse each piece by itself; a piece starts with its comment.

/* Done twice: a call. */
void f(struct vm_area_struct *vma, struct page *page)
{
	PTE[next(page)]PTE;
}

/* Done twice: a call of a member. */
void f(struct vm_area_struct *vma, struct page *page)
{
	PTE[page->ops->next(page)]PTE;
}

/* Done twice: a call through a pointer. */
void f(struct vm_area_struct *vma, struct page *page)
{
	PTE[(*vma->next)(page)]PTE;
}

/* Done twice: one out of a table. */
void f(struct vm_area_struct *vma, struct page *page)
{
	PTE[table[1](page)]PTE;
}

/* Done twice: it moves on. */
void f(struct vm_area_struct *vma, struct page *page)
{
	PTE[page++]PTE;
}

/* Done twice: an assignment. */
void f(struct vm_area_struct *vma, struct page *page)
{
	PTE[page += 1]PTE;
}

/* Not known: a macro without arguments. */
void f(struct vm_area_struct *vma, struct page *page)
{
	PTE[NEXT_PAGE]PTE;
}

/* Not known: one within. */
void f(struct vm_area_struct *vma, struct page *page)
{
	PTE[NEXT_PAGE + 1]PTE;
}

/* A macro names what it is given twice. */
#define vendor_call(p, vma) PTE[p]PTE

/* A directive among the arguments: the other branch is not seen. */
void f(struct vm_area_struct *vma, struct page *page)
{
	PTE[page
#ifdef CONFIG_X
		+ 1
#endif
		]PTE;
}

/* And one of several lines. */
#define vendor_calls(p, vma) \
do { \
	PTE[p]PTE; \
	other(p); \
} while (0)
