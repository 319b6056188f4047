// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_try_dup_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:18:00 +0000
 *
 * Convert the callers of page_try_dup_anon_rmap() to
 * folio_try_dup_anon_rmap_pte() and folio_try_dup_anon_rmap_pmd(), by what
 * they pass as "compound". True stands for a PMD mapping: hugetlb says it as
 * well, but was converted before.
 *
 * The BUG_ON() around one of the calls was there before, and stays.
 *
 * No functional change intended.
 *
 * Based on commits 96c772c25c89 and 08e7795e2444 by David Hildenbrand, which
 * converted these callers. The ids are from a published list and were not
 * checked in a repository.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_try_dup_anon_rmap_pte
 * Present-if: mm/memory.c lacks page_try_dup_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_try_dup_anon_rmap
 * Needs: page_try_dup_anon_rmap
 * Expect-none: page_try_dup_anon_rmap
 * Expect-apart: folio_try_dup_anon_rmap_pmd hugetlb Hugetlb HUGETLB hstate huge_pte
 * Expect-apart: folio_try_dup_anon_rmap_pmd hugepage_add per_huge_page huge_page_size
 * Expect-apart: folio_try_dup_anon_rmap_pmd huge_page_order huge_page_mask huge_page_shift
 * Expect-apart: folio_try_dup_anon_rmap_pmd PageHuge HPage alloc_huge_page free_huge_page
 * Expect-apart: folio_try_dup_anon_rmap_pmd huge_pmd_share huge_pmd_unshare is_file_hugepages
 * Expect-beside: folio_try_dup_anon_rmap_pmd pmd_t pmdp_ set_pmd HPAGE_PMD
 * Expect-beside: folio_try_dup_anon_rmap_pmd pmd_lock pmd_trans_huge pmd_huge_pte
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
  page_try_dup_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
  page_try_dup_anon_rmap(<+... macro ...+>, ...)
|
- page_try_dup_anon_rmap
+ page_try_dup_anon_rmap_plain
  (...)
)
  ...>
  }

@@
expression page, vma;
symbol true, false;
@@
(
- page_try_dup_anon_rmap_plain(page, \(false\|0\), vma)
+ folio_try_dup_anon_rmap_pte(page_folio(page), page, vma)
|
- page_try_dup_anon_rmap_plain(page, \(true\|1\), vma)
+ folio_try_dup_anon_rmap_pmd(page_folio(page), page, vma)
)

// What is known only when it runs is asked then.
@@
expression page, vma, compound;
@@
- page_try_dup_anon_rmap_plain(page, compound, vma)
+ (compound ? folio_try_dup_anon_rmap_pmd(page_folio(page), page, vma) : folio_try_dup_anon_rmap_pte(page_folio(page), page, vma))

// The rest has its old name again.
@@ @@
- page_try_dup_anon_rmap_plain
+ page_try_dup_anon_rmap
  (...)
