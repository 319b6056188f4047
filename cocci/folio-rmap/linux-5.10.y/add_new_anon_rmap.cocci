// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_add_new_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:09:00 +0000
 *
 * folio_add_new_anon_rmap() finds out itself whether the folio is a THP, so
 * "compound" goes. That is the same: a caller that passed true had a THP at
 * hand, which is mapped by a PMD when it is new, and one that passed false
 * had a page that is part of none. Only with CONFIG_DEBUG_VM did
 * page_add_new_anon_rmap() insist on that; when its last caller is gone,
 * nothing is left to compare the page with.
 *
 * No functional change intended.
 *
 * Upstream has folio_add_new_anon_rmap() since v6.6; the id of that commit
 * was not looked up.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_add_new_anon_rmap
 * Present-if: mm/memory.c lacks page_add_new_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_add_new_anon_rmap
 * Present-if: kernel/events/uprobes.c lacks page_add_new_anon_rmap
 * Expect-none: page_add_new_anon_rmap
 * Needs: page_add_new_anon_rmap
 * Expect-apart: folio_add_new_anon_rmap hugetlb Hugetlb HUGETLB hstate huge_pte hugepage_add
 * Expect-apart: folio_add_new_anon_rmap per_huge_page huge_page_size huge_page_order
 * Expect-apart: folio_add_new_anon_rmap huge_page_mask huge_page_shift PageHuge HPage
 * Expect-apart: folio_add_new_anon_rmap alloc_huge_page free_huge_page huge_pmd_share
 * Expect-apart: folio_add_new_anon_rmap huge_pmd_unshare is_file_hugepages
 */

// "compound" is dropped, so naming it must do nothing: the first branch leaves what does more
// alone.
@@
identifier fn;
expression page, vma, addr, compound, x, y, effect;
assignment operator aop;
@@
  fn(...)
  {
  <...
(
  page_add_new_anon_rmap(page, vma, addr, <+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>)
|
- page_add_new_anon_rmap(page, vma, addr, compound)
+ folio_add_new_anon_rmap(page_folio(page), vma, addr)
)
  ...>
  }
