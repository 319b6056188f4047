// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_add_file_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:05:00 +0000
 *
 * Convert the callers of page_add_file_rmap() to folio_add_file_rmap_pte()
 * and folio_add_file_rmap_pmd(), by what they pass as "compound". True stands
 * for a PMD mapping.
 *
 * No functional change intended.
 *
 * Based on commits ef37b2ea08ac, 14d85a6e88a6, c4dffb0bc237 and 7123e19c3c9d
 * by David Hildenbrand, which converted these callers. The ids are from a
 * published list and were not checked in a repository.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_add_file_rmap_pte
 * Present-if: mm/memory.c lacks page_add_file_rmap
 * Present-if: mm/migrate.c lacks page_add_file_rmap
 * Present-if: mm/huge_memory.c lacks page_add_file_rmap
 * Needs: page_add_file_rmap
 * Expect-none: page_add_file_rmap
 * Expect-apart: folio_add_file_rmap_pmd hugetlb Hugetlb HUGETLB hstate huge_pte hugepage_add
 * Expect-apart: folio_add_file_rmap_pmd per_huge_page huge_page_size huge_page_order
 * Expect-apart: folio_add_file_rmap_pmd huge_page_mask huge_page_shift PageHuge HPage
 * Expect-apart: folio_add_file_rmap_pmd alloc_huge_page free_huge_page huge_pmd_share
 * Expect-apart: folio_add_file_rmap_pmd huge_pmd_unshare is_file_hugepages
 * Expect-beside: folio_add_file_rmap_pmd pmd_t pmdp_ set_pmd HPAGE_PMD
 * Expect-beside: folio_add_file_rmap_pmd pmd_lock pmd_trans_huge pmd_huge_pte
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
  page_add_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
  page_add_file_rmap(<+... macro ...+>, ...)
|
- page_add_file_rmap
+ page_add_file_rmap_plain
  (...)
)
  ...>
  }

@@
expression page, vma;
symbol true, false;
@@
(
- page_add_file_rmap_plain(page, vma, \(false\|0\))
+ folio_add_file_rmap_pte(page_folio(page), page, vma)
|
- page_add_file_rmap_plain(page, vma, \(true\|1\))
+ folio_add_file_rmap_pmd(page_folio(page), page, vma)
)

// What is known only when it runs is asked then. A call that is all of an arm or of a loop gets
// braces first.
@@
expression cond;
statement S;
@@
  if (cond)
+ {
  page_add_file_rmap_plain(...);
+ }
  else S

@@
expression cond;
statement S;
@@
  if (cond) S
  else
+ {
  page_add_file_rmap_plain(...);
+ }

@@
expression cond;
@@
  if (cond)
+ {
  page_add_file_rmap_plain(...);
+ }

@@
expression cond;
@@
  while (cond)
+ {
  page_add_file_rmap_plain(...);
+ }

@@
expression start, cond, step;
@@
  for (start; cond; step)
+ {
  page_add_file_rmap_plain(...);
+ }

@@
expression start, cond, step;
type T;
identifier i;
@@
  for (T i = start; cond; step)
+ {
  page_add_file_rmap_plain(...);
+ }

@@
iterator loop;
@@
  loop(...)
+ {
  page_add_file_rmap_plain(...);
+ }

@@
expression page, vma, compound;
@@
- page_add_file_rmap_plain(page, vma, compound);
+ if (compound)
+	folio_add_file_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_add_file_rmap_pte(page_folio(page), page, vma);

// The rest has its old name again.
@@ @@
- page_add_file_rmap_plain
+ page_add_file_rmap
  (...)
