// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	n = folio_try_share_anon_rmap_pte(folio, page);
	n = folio_try_share_anon_rmap_pmd(folio, page);
	n = hugetlb_try_share_anon_rmap(page_folio(page));
	n = hugetlb_try_share_anon_rmap(folio);
}
