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
 * nothing is left to compare the page with. Where a function names anything
 * of hugetlb, nothing but a plain false is taken.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_add_new_anon_rmap
 * Present-if: mm/memory.c lacks page_add_new_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_add_new_anon_rmap
 * Present-if: kernel/events/uprobes.c lacks page_add_new_anon_rmap
 * Expect-none: page_add_new_anon_rmap
 * Needs: page_add_new_anon_rmap
 */

@@
expression page, vma, addr;
symbol false;
@@
- page_add_new_anon_rmap(page, vma, addr, \(false\|0\))
+ folio_add_new_anon_rmap(page_folio(page), vma, addr)

// hugetlb says true as well, and is mapped by no PMD: hugetlb.cocci takes it. What that has left
// is for a reader: in a function that names anything of hugetlb nothing but a plain false is
// taken.
@ names_hugetlb exists @
identifier fn;
identifier a =~ "hugetlb", b =~ "HUGETLB", c =~ "hstate", d =~ "huge_pte", e =~ "^huge_page_";
identifier g =~ "^PageHuge$", h =~ "^PageHeadHuge$", i =~ "^is_file_hugepages$";
position f;
@@
  fn@f(...)
  {
  <+...
  \( a \| b \| c \| d \| e \| g \| h \| i \)
  ...+>
  }

@ has_hstate exists @
identifier fn, h;
expression E;
position f;
@@
  fn@f(...)
  {
  <+...
(
  struct hstate *h;
|
  struct hstate *h = E;
)
  ...+>
  }

@ takes_hstate @
identifier fn, h;
position f;
@@
  fn@f(..., struct hstate *h, ...) { ... }

// "compound" is dropped, so naming it must do nothing: the first branch leaves what does more
// alone.
@@
identifier fn, effect;
expression page, vma, addr, compound, x, y;
assignment operator aop;
position f != { names_hugetlb.f, has_hstate.f, takes_hstate.f };
@@
  fn@f(...)
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
