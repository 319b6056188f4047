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
 * who does so by pmdp_invalidate() has a PMD mapping, and who does so by
 * ptep_clear_flush() or the like that of a PTE.
 *
 * The BUG_ON() around one of the calls was there before, and stays.
 *
 * No functional change intended.
 *
 * Based on commit e3b4b1374f87 by David Hildenbrand, which converted these
 * callers. The id is from a published list and was not checked in a
 * repository.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_try_share_anon_rmap_pte
 * Present-if: mm/ksm.c lacks page_try_share_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_try_share_anon_rmap
 * Needs: page_try_share_anon_rmap
 * Expect-none: page_try_share_anon_rmap
 * Expect-apart: folio_try_share_anon_rmap_pmd hugetlb Hugetlb HUGETLB hstate huge_pte
 * Expect-apart: folio_try_share_anon_rmap_pmd hugepage_add per_huge_page huge_page_size
 * Expect-apart: folio_try_share_anon_rmap_pmd huge_page_order huge_page_mask huge_page_shift
 * Expect-apart: folio_try_share_anon_rmap_pmd PageHuge HPage alloc_huge_page free_huge_page
 * Expect-apart: folio_try_share_anon_rmap_pmd huge_pmd_share huge_pmd_unshare is_file_hugepages
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
  page_try_share_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
  page_try_share_anon_rmap(<+... macro ...+>, ...)
|
- page_try_share_anon_rmap
+ page_try_share_anon_rmap_plain
  (...)
)
  ...>
  }

// Who has cleared or invalidated an entry, of which level. What is behind entries of neither
// kind, or of both, is left, and so is an arm for hugetlb. Positions do not outlive a change of
// the file, so they are looked for twice.

@ huge1 exists @
identifier asks =~ "hugetlb";
statement S;
position h;
@@
(
  if (<+... \( asks(...) \| PageHuge(...) \) ...+>)
  {
  <+...
  page_try_share_anon_rmap_plain@h(...)
  ...+>
  }
  else S
|
  if (<+... \( asks(...) \| PageHuge(...) \) ...+>)
  {
  <+...
  page_try_share_anon_rmap_plain@h(...)
  ...+>
  }
)

@ pmd1 exists @
identifier pmdp = { pmdp_invalidate, pmdp_invalidate_ad, pmdp_huge_clear_flush,
		    pmdp_huge_get_and_clear, pmdp_huge_get_and_clear_full };
identifier ptep = { ptep_clear, ptep_clear_flush, ptep_get_and_clear, ptep_get_and_clear_full,
		    ptep_modify_prot_start };
position m;
@@
  pmdp(...)
  ... when any
      when != ptep(...)
  page_try_share_anon_rmap_plain@m(...)

@ pte1 exists @
identifier pmdp = { pmdp_invalidate, pmdp_invalidate_ad, pmdp_huge_clear_flush,
		    pmdp_huge_get_and_clear, pmdp_huge_get_and_clear_full };
identifier ptep = { ptep_clear, ptep_clear_flush, ptep_get_and_clear, ptep_get_and_clear_full,
		    ptep_modify_prot_start };
position t;
@@
  ptep(...)
  ... when any
      when != pmdp(...)
  page_try_share_anon_rmap_plain@t(...)

@@
expression page;
position pte1.t;
position q != { pmd1.m, huge1.h };
@@
- page_try_share_anon_rmap_plain@t@q(page)
+ folio_try_share_anon_rmap_pte(page_folio(page), page)

@ huge2 exists @
identifier asks =~ "hugetlb";
statement S;
position h;
@@
(
  if (<+... \( asks(...) \| PageHuge(...) \) ...+>)
  {
  <+...
  page_try_share_anon_rmap_plain@h(...)
  ...+>
  }
  else S
|
  if (<+... \( asks(...) \| PageHuge(...) \) ...+>)
  {
  <+...
  page_try_share_anon_rmap_plain@h(...)
  ...+>
  }
)

@ pmd2 exists @
identifier pmdp = { pmdp_invalidate, pmdp_invalidate_ad, pmdp_huge_clear_flush,
		    pmdp_huge_get_and_clear, pmdp_huge_get_and_clear_full };
identifier ptep = { ptep_clear, ptep_clear_flush, ptep_get_and_clear, ptep_get_and_clear_full,
		    ptep_modify_prot_start };
position m;
@@
  pmdp(...)
  ... when any
      when != ptep(...)
  page_try_share_anon_rmap_plain@m(...)

@ pte2 exists @
identifier pmdp = { pmdp_invalidate, pmdp_invalidate_ad, pmdp_huge_clear_flush,
		    pmdp_huge_get_and_clear, pmdp_huge_get_and_clear_full };
identifier ptep = { ptep_clear, ptep_clear_flush, ptep_get_and_clear, ptep_get_and_clear_full,
		    ptep_modify_prot_start };
position t;
@@
  ptep(...)
  ... when any
      when != pmdp(...)
  page_try_share_anon_rmap_plain@t(...)

@@
expression page;
position pmd2.m;
position q != { pte2.t, huge2.h };
@@
- page_try_share_anon_rmap_plain@m@q(page)
+ folio_try_share_anon_rmap_pmd(page_folio(page), page)

// The rest has its old name again.
@@ @@
- page_try_share_anon_rmap_plain
+ page_try_share_anon_rmap
  (...)
