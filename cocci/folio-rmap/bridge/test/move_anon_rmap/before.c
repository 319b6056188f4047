// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	folio_move_anon_rmap(page_folio(page), vma);
}
