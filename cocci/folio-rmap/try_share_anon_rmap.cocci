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
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_try_share_anon_rmap_pte
 * Present-if: mm/ksm.c lacks page_try_share_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_try_share_anon_rmap
 * Needs: page_try_share_anon_rmap
 * Expect-none: page_try_share_anon_rmap
 */

// In both rules that change something: the page is named twice afterwards, so naming it must
// do nothing; the first branch leaves what does more alone. What is behind entries of neither
// kind, or of both, is left, and so is an arm for hugetlb. Positions do not outlive a change of
// the file, so they are looked for twice.

@ hugetlb1 exists @
identifier asks =~ "hugetlb";
statement S;
position h;
@@
(
  if (<+... \( asks(...) \| PageHuge(...) \) ...+>)
  {
  <+...
  page_try_share_anon_rmap@h(...)
  ...+>
  }
  else S
|
  if (<+... \( asks(...) \| PageHuge(...) \) ...+>)
  {
  <+...
  page_try_share_anon_rmap@h(...)
  ...+>
  }
)

@ pmd1 exists @
identifier pmdp =~ "^pmdp_", ptep =~ "^ptep_";
position m;
@@
  pmdp(...)
  ... when any
      when != ptep(...)
  page_try_share_anon_rmap@m(...)

@ pte1 exists @
identifier pmdp =~ "^pmdp_", ptep =~ "^ptep_";
position t;
@@
  ptep(...)
  ... when any
      when != pmdp(...)
  page_try_share_anon_rmap@t(...)

@@
expression page, x, y;
assignment operator aop;
identifier effect;
position pte1.t;
position q != { pmd1.m, hugetlb1.h };
@@
(
  page_try_share_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
- page_try_share_anon_rmap@t@q(page)
+ folio_try_share_anon_rmap_pte(page_folio(page), page)
)

@ hugetlb2 exists @
identifier asks =~ "hugetlb";
statement S;
position h;
@@
(
  if (<+... \( asks(...) \| PageHuge(...) \) ...+>)
  {
  <+...
  page_try_share_anon_rmap@h(...)
  ...+>
  }
  else S
|
  if (<+... \( asks(...) \| PageHuge(...) \) ...+>)
  {
  <+...
  page_try_share_anon_rmap@h(...)
  ...+>
  }
)

@ pmd2 exists @
identifier pmdp =~ "^pmdp_", ptep =~ "^ptep_";
position m;
@@
  pmdp(...)
  ... when any
      when != ptep(...)
  page_try_share_anon_rmap@m(...)

@ pte2 exists @
identifier pmdp =~ "^pmdp_", ptep =~ "^ptep_";
position t;
@@
  ptep(...)
  ... when any
      when != pmdp(...)
  page_try_share_anon_rmap@t(...)

@@
expression page, x, y;
assignment operator aop;
identifier effect;
position pmd2.m;
position q != { pte2.t, hugetlb2.h };
@@
(
  page_try_share_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
- page_try_share_anon_rmap@m@q(page)
+ folio_try_share_anon_rmap_pmd(page_folio(page), page)
)
