// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	page_add_anon_rmap(page, vma, addr, flags);
	page_add_anon_rmap(page, vma, addr, RMAP_COMPOUND);
	page_add_anon_rmap(page, vma, addr, RMAP_COMPOUND | RMAP_EXCLUSIVE);
}
