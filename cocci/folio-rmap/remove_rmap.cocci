// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_remove_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:12:00 +0000
 *
 * Convert the callers of page_remove_rmap() to folio_remove_rmap_pte() and
 * folio_remove_rmap_pmd(), by what they pass as "compound". True stands for a
 * PMD mapping: hugetlb says it as well, but was converted before.
 *
 * No functional change intended.
 *
 * Based on commits 5cc9695f06b0, a8e61d584eda, 35668a432146, 18e8612e5624,
 * c46265030b0f, 5b205c7f2684 and ca1a0746182c by David Hildenbrand, which
 * converted these callers. The ids are from a published list and were not
 * checked in a repository.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: mm/rmap.c defines folio_remove_rmap_ptes
 * Present-if: mm/memory.c lacks page_remove_rmap
 * Present-if: mm/huge_memory.c lacks page_remove_rmap
 * Needs: page_remove_rmap
 * Expect-none: page_remove_rmap
 * Expect-apart: folio_remove_rmap_pmd hugetlb Hugetlb HUGETLB hstate huge_pte hugepage_add
 * Expect-apart: folio_remove_rmap_pmd per_huge_page huge_page_size huge_page_order
 * Expect-apart: folio_remove_rmap_pmd huge_page_mask huge_page_shift PageHuge HPage
 * Expect-apart: folio_remove_rmap_pmd alloc_huge_page free_huge_page huge_pmd_share
 * Expect-apart: folio_remove_rmap_pmd huge_pmd_unshare is_file_hugepages
 * Expect-beside: folio_remove_rmap_pmd pmd_t pmdp_ set_pmd HPAGE_PMD
 * Expect-beside: folio_remove_rmap_pmd pmd_lock pmd_trans_huge pmd_huge_pte
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
  page_remove_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
  page_remove_rmap(<+... macro ...+>, ...)
|
- page_remove_rmap
+ page_remove_rmap_plain
  (...)
)
  ...>
  }

@@
expression page, vma;
symbol true, false;
@@
(
- page_remove_rmap_plain(page, vma, \(false\|0\))
+ folio_remove_rmap_pte(page_folio(page), page, vma)
|
- page_remove_rmap_plain(page, vma, \(true\|1\))
+ folio_remove_rmap_pmd(page_folio(page), page, vma)
)

// What is known only when it runs is asked then. A call that is all of an arm or of a loop gets
// braces first.
@@
expression cond;
statement S;
@@
  if (cond)
+ {
  page_remove_rmap_plain(...);
+ }
  else S

@@
expression cond;
statement S;
@@
  if (cond) S
  else
+ {
  page_remove_rmap_plain(...);
+ }

@@
expression cond;
@@
  if (cond)
+ {
  page_remove_rmap_plain(...);
+ }

@@
expression cond;
@@
  while (cond)
+ {
  page_remove_rmap_plain(...);
+ }

@@
expression start, cond, step;
@@
  for (start; cond; step)
+ {
  page_remove_rmap_plain(...);
+ }

@@
expression start, cond, step;
type T;
identifier i;
@@
  for (T i = start; cond; step)
+ {
  page_remove_rmap_plain(...);
+ }

@@
iterator loop;
@@
  loop(...)
+ {
  page_remove_rmap_plain(...);
+ }

@@
expression page, vma, compound;
@@
- page_remove_rmap_plain(page, vma, compound);
+ if (compound)
+	folio_remove_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_remove_rmap_pte(page_folio(page), page, vma);

// The rest has its old name again.
@@ @@
- page_remove_rmap_plain
+ page_remove_rmap
  (...)
