// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	folio_add_file_rmap_pte(folio, page, vma);
	folio_add_file_rmap_pmd(folio, page, vma);
}
