// SPDX-License-Identifier: GPL-2.0-only
/* folio_add_new_anon_rmap() is told of here */
static void other_calls(struct folio *folio, struct page *page)
{
	ops->folio_add_new_anon_rmap(folio, page, vma);
	folio_add_new_anon_rmap(folio, vma, addr, RMAP_NONE);
}
