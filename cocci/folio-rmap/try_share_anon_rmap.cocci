// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_try_share_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:21:00 +0000
 *
 * Convert the callers of page_try_share_anon_rmap() to
 * folio_try_share_anon_rmap_pte() and folio_try_share_anon_rmap_pmd().
 *
 * The old function does not say at which level the page is mapped. The
 * callers do: sharing needs the page table entry cleared or invalidated, and
 * who does so by pmdp_invalidate() has a PMD mapping. hugetlb does not come
 * here any more.
 *
 * The BUG_ON() around one of the calls was there before, and stays.
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

// In both rules that change something: the page is named twice afterwards, so naming
// it must do nothing; the first branch leaves what does more alone.

@ behind_pmd exists @
position p;
@@
  pmdp_invalidate(...)
  ... when any
      when != ptep_clear_flush(...)
      when != ptep_get_and_clear(...)
  page_try_share_anon_rmap@p(...)

@@
expression page, x, y;
identifier fn;
position p != behind_pmd.p;
@@
(
  page_try_share_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_try_share_anon_rmap@p(page)
+ folio_try_share_anon_rmap_pte(page_folio(page), page)
)

// What is left has an invalidated PMD on one way at least; it must be so on all.
@ behind_pte exists @
position p;
@@
  \(ptep_clear_flush\|ptep_get_and_clear\)(...)
  ... when any
      when != pmdp_invalidate(...)
  page_try_share_anon_rmap@p(...)

@@
expression page, x, y;
identifier fn;
position p != behind_pte.p;
@@
(
  page_try_share_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_try_share_anon_rmap@p(page)
+ folio_try_share_anon_rmap_pmd(page_folio(page), page)
)
