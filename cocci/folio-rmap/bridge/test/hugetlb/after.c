// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	hugepage_add_anon_rmap(&folio->page, vma, addr, flags);
	hugepage_add_new_anon_rmap(&folio->page, vma, addr);
	page_dup_file_rmap(&folio->page, true);
	n = page_try_dup_anon_rmap(page, true, vma);
	page_remove_rmap(page, vma, true);
}
