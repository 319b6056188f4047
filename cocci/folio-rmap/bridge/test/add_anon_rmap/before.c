// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	folio_add_anon_rmap_pte(folio, page, vma, addr, flags);
	folio_add_anon_rmap_pmd(folio, page, vma, addr, RMAP_NONE);
	folio_add_anon_rmap_pmd(folio, page, vma, addr, RMAP_EXCLUSIVE);
}
