// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_try_dup_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:18:00 +0000
 *
 * Convert the callers of page_try_dup_anon_rmap() to
 * folio_try_dup_anon_rmap_pte() and folio_try_dup_anon_rmap_pmd(), by what they
 * pass as "compound". hugetlb does not come here any more, so true stands for a
 * PMD mapping.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_try_dup_anon_rmap_pte
 * Present-if: mm/memory.c lacks page_try_dup_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_try_dup_anon_rmap
 * Expect-none: page_try_dup_anon_rmap
 */

// The page is named twice afterwards, so naming it must do nothing: the first branch
// leaves what does more alone.
@@
expression page, vma, x, y;
identifier fn;
symbol true, false;
@@
(
  page_try_dup_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_try_dup_anon_rmap(page, \(false\|0\), vma)
+ folio_try_dup_anon_rmap_pte(page_folio(page), page, vma)
|
- page_try_dup_anon_rmap(page, \(true\|1\), vma)
+ folio_try_dup_anon_rmap_pmd(page_folio(page), page, vma)
)

// What is known only when it runs is asked then.
@@
expression page, vma, compound, x, y;
identifier fn;
@@
(
  page_try_dup_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_try_dup_anon_rmap(page, compound, vma)
+ (compound ? folio_try_dup_anon_rmap_pmd(page_folio(page), page, vma) : folio_try_dup_anon_rmap_pte(page_folio(page), page, vma))
)
