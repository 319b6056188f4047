// SPDX-License-Identifier: GPL-2.0-only
/* folio_try_share_anon_rmap_pte() is told of here */
static void other_calls(struct folio *folio, struct page *page)
{
	ops->folio_try_share_anon_rmap_pte(folio, page, vma);
	folio_try_share_anon_rmap_pte(folio);
}
