// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_remove_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:12:00 +0000
 *
 * Convert the callers of page_remove_rmap() to folio_remove_rmap_pte() and
 * folio_remove_rmap_pmd(), by what they pass as "compound". hugetlb does not
 * come here any more, so true stands for a PMD mapping.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: mm/rmap.c defines folio_remove_rmap_ptes
 * Present-if: mm/memory.c lacks page_remove_rmap
 * Present-if: mm/huge_memory.c lacks page_remove_rmap
 * Expect-none: page_remove_rmap
 */

// The page is named twice afterwards, so naming it must do nothing: the first branch
// leaves what does more alone.
@@
expression page, vma, x, y;
identifier fn;
symbol true, false;
@@
(
  page_remove_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_remove_rmap(page, vma, \(false\|0\))
+ folio_remove_rmap_pte(page_folio(page), page, vma)
|
- page_remove_rmap(page, vma, \(true\|1\))
+ folio_remove_rmap_pmd(page_folio(page), page, vma)
)

// What is known only when it runs is asked then. Under another "if" that takes braces.
@@
expression page, vma, compound, x, y, cond;
statement S;
identifier fn;
@@
  if (cond)
(
  page_remove_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
+ {
- page_remove_rmap(page, vma, compound);
+ if (compound)
+	folio_remove_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_remove_rmap_pte(page_folio(page), page, vma);
+ }
)
  else S

@@
expression page, vma, compound, x, y, cond;
identifier fn;
@@
  if (cond)
(
  page_remove_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
+ {
- page_remove_rmap(page, vma, compound);
+ if (compound)
+	folio_remove_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_remove_rmap_pte(page_folio(page), page, vma);
+ }
)

@@
expression page, vma, compound, x, y;
identifier fn;
@@
(
  page_remove_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
- page_remove_rmap(page, vma, compound);
+ if (compound)
+	folio_remove_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_remove_rmap_pte(page_folio(page), page, vma);
)
