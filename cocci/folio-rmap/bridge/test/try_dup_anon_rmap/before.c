// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	n = folio_try_dup_anon_rmap_pte(folio, page, vma);
	n = folio_try_dup_anon_rmap_pmd(folio, page, vma);
}
