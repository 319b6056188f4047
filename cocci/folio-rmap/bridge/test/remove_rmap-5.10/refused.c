// SPDX-License-Identifier: GPL-2.0-only
/* folio_remove_rmap_pte() is told of here */
static void other_calls(struct folio *folio, struct page *page)
{
	ops->folio_remove_rmap_pte(folio, page, vma);
	folio_remove_rmap_ptes(folio, page, nr, vma);
}
