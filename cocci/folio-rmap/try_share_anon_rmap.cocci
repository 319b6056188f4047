// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_try_share_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:21:00 +0000
 *
 * Convert the callers of page_try_share_anon_rmap() to
 * folio_try_share_anon_rmap_pte() and folio_try_share_anon_rmap_pmd().
 *
 * The old function does not say at which level the page is mapped. The callers
 * do: sharing needs the page table entry cleared or invalidated, and who does
 * so by pmdp_invalidate() has a PMD mapping. hugetlb does not come here any
 * more.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_try_share_anon_rmap_pte
 * Present-if: mm/ksm.c lacks page_try_share_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_try_share_anon_rmap
 * Expect-none: page_try_share_anon_rmap
 */

// The PMD was invalidated before. The page is named twice afterwards, so naming it
// must do nothing: the first branch leaves what does more alone.
@ exists @
expression page, x, y;
identifier fn;
@@
  pmdp_invalidate(...)
  ... when any
(
  page_try_share_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_try_share_anon_rmap(page)
+ folio_try_share_anon_rmap_pmd(page_folio(page), page)
)

@@
expression page, x, y;
identifier fn;
@@
(
  page_try_share_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_try_share_anon_rmap(page)
+ folio_try_share_anon_rmap_pte(page_folio(page), page)
)
