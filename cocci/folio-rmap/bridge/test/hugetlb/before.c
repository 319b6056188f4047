// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	hugetlb_add_anon_rmap(folio, vma, addr, flags);
	hugetlb_add_new_anon_rmap(folio, vma, addr);
	hugetlb_add_file_rmap(folio);
	n = hugetlb_try_dup_anon_rmap(page_folio(page), vma);
	hugetlb_remove_rmap(page_folio(page));
}
