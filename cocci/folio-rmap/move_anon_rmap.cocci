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
 * Upstream moved the mark in v6.7, by David Hildenbrand; the id of that
 * commit was not looked up.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_move_anon_rmap
 * Present-if: mm/memory.c lacks page_move_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_move_anon_rmap
 * Expect-none: page_move_anon_rmap
 * Expect-statement: folio_move_anon_rmap
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

// One statement becomes two, so a call that is all of an arm or of a loop gets braces first. Where
// that cannot be seen, behind a directive, say, it is refused (Expect-statement:).
@@
expression cond;
statement S;
@@
  if (cond)
+ {
  page_move_anon_rmap_plain(...);
+ }
  else S

@@
expression cond;
statement S;
@@
  if (cond) S
  else
+ {
  page_move_anon_rmap_plain(...);
+ }

@@
expression cond;
@@
  if (cond)
+ {
  page_move_anon_rmap_plain(...);
+ }

@@
expression cond;
@@
  while (cond)
+ {
  page_move_anon_rmap_plain(...);
+ }

@@
expression start, cond, step;
@@
  for (start; cond; step)
+ {
  page_move_anon_rmap_plain(...);
+ }

@@
expression start, cond, step;
type T;
identifier i;
@@
  for (T i = start; cond; step)
+ {
  page_move_anon_rmap_plain(...);
+ }

@@
iterator loop;
@@
  loop(...)
+ {
  page_move_anon_rmap_plain(...);
+ }

@@
expression page, vma;
@@
- page_move_anon_rmap_plain(page, vma);
+ folio_move_anon_rmap(page_folio(page), vma);
+ SetPageAnonExclusive(page);

// The rest has its old name again.
@@ @@
- page_move_anon_rmap_plain
+ page_move_anon_rmap
  (...)
