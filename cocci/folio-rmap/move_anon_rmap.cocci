// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_move_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:24:00 +0000
 *
 * Convert the callers of page_move_anon_rmap() to folio_move_anon_rmap().
 *
 * The old function sets the exclusive mark of the page as well. The new one
 * is about the folio only, as upstream's is since v6.7, so the callers set
 * the mark. It belongs to the page that they have at hand; for a PMD mapping
 * and for hugetlb that is the head page.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_move_anon_rmap
 * Present-if: mm/memory.c lacks page_move_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_move_anon_rmap
 * Expect-none: page_move_anon_rmap
 */

// What is understood gets a name of its own until the rules have run: calls within functions (a
// macro names what it is given), whose arguments do nothing, as they are named twice afterwards.
@@
identifier fn;
identifier macro =~ "^[A-Z][A-Z0-9_]*$";
expression x, y, effect;
assignment operator aop;
@@
  fn(...)
  {
  <...
(
  page_move_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
  page_move_anon_rmap(<+... macro ...+>, ...)
|
- page_move_anon_rmap
+ page_move_anon_rmap_plain
  (...)
)
  ...>
  }

// One statement becomes two: behind a label it may be an arm by itself, and is left.
@ labelled @
identifier l;
position p;
@@
  l: page_move_anon_rmap_plain@p(...);

@@
expression page, vma;
position p != labelled.p;
@@
- page_move_anon_rmap_plain@p(page, vma);
+ folio_move_anon_rmap(page_folio(page), vma);
+ SetPageAnonExclusive(page);

// The rest has its old name again.
@@ @@
- page_move_anon_rmap_plain
+ page_move_anon_rmap
  (...)
