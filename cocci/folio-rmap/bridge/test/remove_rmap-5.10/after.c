// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	page_remove_rmap(page, false);
	page_remove_rmap(page, false);
	page_remove_rmap(page, true);
}
