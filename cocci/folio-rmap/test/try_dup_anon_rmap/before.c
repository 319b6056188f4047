// SPDX-License-Identifier: GPL-2.0-only
/* What try_dup_anon_rmap.cocci changes, and what it has to leave alone. */

int in_condition(struct page *page, struct vm_area_struct *src_vma)
{
	if (unlikely(page_try_dup_anon_rmap(page, false, src_vma))) {
		/* See page_try_dup_anon_rmap(): it may be pinned. */
		put_page(page);
		return -EBUSY;
	}
	return 0;
}

int by_pmd(struct page *src_page, struct vm_area_struct *src_vma)
{
	if (page_try_dup_anon_rmap(src_page, true, src_vma))
		return -EAGAIN;
	else if (src_vma && !page_try_dup_anon_rmap(src_page, 1, src_vma))
		return 1;
	return 0;
}

int by_value(struct page *page, struct vm_area_struct *vma)
{
	int ret;

	BUG_ON(page_try_dup_anon_rmap(page, false, vma));
	ret = page_try_dup_anon_rmap(page, false, vma);
	return ret ? ret : page_try_dup_anon_rmap(page + 1, false, vma);
}

/* Known only when it runs. */
int by_variable(struct page *page, struct vm_area_struct *vma, bool huge)
{
	return page_try_dup_anon_rmap(page, huge, vma);
}

/* The page would be named twice, and what naming it does be done twice. */
int effects(struct page **pages, struct vm_area_struct *vma)
{
	return page_try_dup_anon_rmap(*pages++, false, vma) ||
	       page_try_dup_anon_rmap(next_page(pages), true, vma);
}

/* Others with a similar name. */
int others(struct page *page, struct vm_area_struct *vma)
{
	if (hugetlb_try_dup_anon_rmap(page_folio(page), vma))
		return -EBUSY;
	return page_try_share_anon_rmap(page);
}

static __always_inline int page_try_dup_anon_rmap(struct page *page,
						  bool compound,
						  struct vm_area_struct *vma)
{
	if (compound)
		return folio_try_dup_anon_rmap_pmd(page_folio(page), page, vma);
	return folio_try_dup_anon_rmap_pte(page_folio(page), page, vma);
}
