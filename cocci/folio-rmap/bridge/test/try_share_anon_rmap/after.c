// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	n = page_try_share_anon_rmap(page);
	n = page_try_share_anon_rmap(page);
	n = page_try_share_anon_rmap(page);
	n = page_try_share_anon_rmap(&folio->page);
}
