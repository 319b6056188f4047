// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	page_add_anon_rmap(page, vma, addr, false);
	page_add_anon_rmap(page, vma, addr, true);
}
