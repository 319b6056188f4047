// SPDX-License-Identifier: GPL-2.0-only
// LONE[...]LONE is a call that becomes one for a mapping by a PMD. The refused.sed of a rule says
// which, and then the rule must refuse each piece by itself; a piece starts with its comment.

/* Nothing says that it is a PMD which maps all of the page. */
void vendor_map_contiguous(struct vm_area_struct *vma, struct page *page, pte_t *pte)
{
	set_ptes(vma, pte, page);
	LONE[page]LONE;
}
