// SPDX-License-Identifier: GPL-2.0-only
/* hugetlb_add_anon_rmap() is told of here */
static void other_calls(struct folio *folio, struct page *page)
{
	ops->hugetlb_add_anon_rmap(folio, page, vma);
	hugetlb_remove_rmap(folio, vma);
}
