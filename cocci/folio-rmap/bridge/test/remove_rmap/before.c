// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	folio_remove_rmap_pte(folio, page, vma);
	folio_remove_rmap_ptes(folio, page, 1, vma);
	folio_remove_rmap_pmd(folio, page, vma);
}
