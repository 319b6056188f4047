// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_dup_file_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:16:00 +0000
 *
 * Convert the callers of page_dup_file_rmap() to folio_dup_file_rmap_pte()
 * and folio_dup_file_rmap_pmd(), by what they pass as "compound". hugetlb,
 * which used to be the only one to pass true, was converted before.
 *
 * No functional change intended.
 *
 * Based on commit d8ef5e311d7b by David Hildenbrand, which converted this
 * caller. The id is from a published list and was not checked in a
 * repository.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_dup_file_rmap_pte
 * Present-if: mm/memory.c lacks page_dup_file_rmap
 * Needs: page_dup_file_rmap
 * Expect-none: page_dup_file_rmap
 * Expect-apart: folio_dup_file_rmap_pmd hugetlb Hugetlb HUGETLB hstate huge_pte hugepage_add
 * Expect-apart: folio_dup_file_rmap_pmd per_huge_page huge_page_size huge_page_order
 * Expect-apart: folio_dup_file_rmap_pmd huge_page_mask huge_page_shift PageHuge HPage
 * Expect-apart: folio_dup_file_rmap_pmd alloc_huge_page free_huge_page huge_pmd_share
 * Expect-apart: folio_dup_file_rmap_pmd huge_pmd_unshare is_file_hugepages
 * Expect-beside: folio_dup_file_rmap_pmd pmd_t pmdp_ set_pmd HPAGE_PMD
 * Expect-beside: folio_dup_file_rmap_pmd pmd_lock pmd_trans_huge pmd_huge_pte
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
  page_dup_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
  page_dup_file_rmap(<+... macro ...+>, ...)
|
- page_dup_file_rmap
+ page_dup_file_rmap_plain
  (...)
)
  ...>
  }

@@
expression page;
symbol true, false;
@@
(
- page_dup_file_rmap_plain(page, \(false\|0\))
+ folio_dup_file_rmap_pte(page_folio(page), page)
|
- page_dup_file_rmap_plain(page, \(true\|1\))
+ folio_dup_file_rmap_pmd(page_folio(page), page)
)

// What is known only when it runs is asked then. A call that is all of an arm or of a loop gets
// braces first.
@@
expression cond;
statement S;
@@
  if (cond)
+ {
  page_dup_file_rmap_plain(...);
+ }
  else S

@@
expression cond;
statement S;
@@
  if (cond) S
  else
+ {
  page_dup_file_rmap_plain(...);
+ }

@@
expression cond;
@@
  if (cond)
+ {
  page_dup_file_rmap_plain(...);
+ }

@@
expression cond;
@@
  while (cond)
+ {
  page_dup_file_rmap_plain(...);
+ }

@@
expression start, cond, step;
@@
  for (start; cond; step)
+ {
  page_dup_file_rmap_plain(...);
+ }

@@
expression start, cond, step;
type T;
identifier i;
@@
  for (T i = start; cond; step)
+ {
  page_dup_file_rmap_plain(...);
+ }

@@
iterator loop;
@@
  loop(...)
+ {
  page_dup_file_rmap_plain(...);
+ }

@@
expression page, compound;
@@
- page_dup_file_rmap_plain(page, compound);
+ if (compound)
+	folio_dup_file_rmap_pmd(page_folio(page), page);
+ else
+	folio_dup_file_rmap_pte(page_folio(page), page);

// The rest has its old name again.
@@ @@
- page_dup_file_rmap_plain
+ page_dup_file_rmap
  (...)
