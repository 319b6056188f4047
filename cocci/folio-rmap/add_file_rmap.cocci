// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_add_file_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:05:00 +0000
 *
 * Convert the callers of page_add_file_rmap() to folio_add_file_rmap_pte() and
 * folio_add_file_rmap_pmd(), by what they pass as "compound". hugetlb does not
 * come here any more, so true stands for a PMD mapping.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_add_file_rmap_pte
 * Present-if: mm/memory.c lacks page_add_file_rmap
 * Present-if: mm/migrate.c lacks page_add_file_rmap
 * Present-if: mm/huge_memory.c lacks page_add_file_rmap
 * Expect-none: page_add_file_rmap
 */

// The page is named twice afterwards, so naming it must do nothing: the first branch
// leaves what does more alone.
@@
expression page, vma, x, y;
identifier fn;
symbol true, false;
@@
(
  page_add_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_add_file_rmap(page, vma, \(false\|0\))
+ folio_add_file_rmap_pte(page_folio(page), page, vma)
|
- page_add_file_rmap(page, vma, \(true\|1\))
+ folio_add_file_rmap_pmd(page_folio(page), page, vma)
)

// What is known only when it runs is asked then. Under another "if" that takes braces.
@@
expression page, vma, compound, x, y, cond;
statement S;
identifier fn;
@@
  if (cond)
(
  page_add_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
+ {
- page_add_file_rmap(page, vma, compound);
+ if (compound)
+	folio_add_file_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_add_file_rmap_pte(page_folio(page), page, vma);
+ }
)
  else S

@@
expression page, vma, compound, x, y, cond;
identifier fn;
@@
  if (cond)
(
  page_add_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
+ {
- page_add_file_rmap(page, vma, compound);
+ if (compound)
+	folio_add_file_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_add_file_rmap_pte(page_folio(page), page, vma);
+ }
)

@@
expression page, vma, compound, x, y;
identifier fn;
@@
(
  page_add_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
- page_add_file_rmap(page, vma, compound);
+ if (compound)
+	folio_add_file_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_add_file_rmap_pte(page_folio(page), page, vma);
)
