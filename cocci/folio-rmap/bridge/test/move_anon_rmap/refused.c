// SPDX-License-Identifier: GPL-2.0-only
/* folio_move_anon_rmap() is told of here */
static void other_calls(struct folio *folio, struct page *page)
{
	ops->folio_move_anon_rmap(folio, page, vma);
	folio_move_anon_rmap(folio, vma);
}
