// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_dup_file_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:16:00 +0000
 *
 * Convert the callers of page_dup_file_rmap() to folio_dup_file_rmap_pte() and
 * folio_dup_file_rmap_pmd(), by what they pass as "compound". hugetlb, which
 * used to be the only one to pass true, adds its mappings by
 * hugetlb_add_file_rmap() since earlier in this series.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_dup_file_rmap_pte
 * Present-if: mm/memory.c lacks page_dup_file_rmap
 * Expect-none: page_dup_file_rmap
 */

// The page is named twice afterwards, so naming it must do nothing: the first branch
// leaves what does more alone.
@@
expression page, x, y;
identifier fn;
symbol true, false;
@@
(
  page_dup_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_dup_file_rmap(page, \(false\|0\))
+ folio_dup_file_rmap_pte(page_folio(page), page)
|
- page_dup_file_rmap(page, \(true\|1\))
+ folio_dup_file_rmap_pmd(page_folio(page), page)
)

// What is known only when it runs is asked then. Under another "if" that takes braces.
@@
expression page, compound, x, y, cond;
statement S;
identifier fn;
@@
  if (cond)
(
  page_dup_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
+ {
- page_dup_file_rmap(page, compound);
+ if (compound)
+	folio_dup_file_rmap_pmd(page_folio(page), page);
+ else
+	folio_dup_file_rmap_pte(page_folio(page), page);
+ }
)
  else S

@@
expression page, compound, x, y, cond;
identifier fn;
@@
  if (cond)
(
  page_dup_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
+ {
- page_dup_file_rmap(page, compound);
+ if (compound)
+	folio_dup_file_rmap_pmd(page_folio(page), page);
+ else
+	folio_dup_file_rmap_pte(page_folio(page), page);
+ }
)

@@
expression page, compound, x, y;
identifier fn;
@@
(
  page_dup_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
- page_dup_file_rmap(page, compound);
+ if (compound)
+	folio_dup_file_rmap_pmd(page_folio(page), page);
+ else
+	folio_dup_file_rmap_pte(page_folio(page), page);
)
