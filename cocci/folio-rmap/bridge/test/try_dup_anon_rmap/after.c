// SPDX-License-Identifier: GPL-2.0-only
static void use_it(struct folio *folio, struct page *page)
{
	n = page_try_dup_anon_rmap(page, false, vma);
	n = page_try_dup_anon_rmap(page, true, vma);
}
