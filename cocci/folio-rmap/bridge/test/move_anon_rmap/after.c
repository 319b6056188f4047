// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	page_move_anon_rmap(page, vma);
}
