// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	page_add_file_rmap(page, false);
	page_add_file_rmap(page, true);
}
