// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	page_add_new_anon_rmap(page, vma, addr);
	page_add_new_anon_rmap(&folio->page, vma, addr);
	page_add_new_anon_rmap(&folio->page, vma, addr);
}
