// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_try_dup_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:18:00 +0000
 *
 * Convert the callers of page_try_dup_anon_rmap() to
 * folio_try_dup_anon_rmap_pte() and folio_try_dup_anon_rmap_pmd(), by what
 * they pass as "compound". True stands for a PMD mapping: hugetlb says it as
 * well, but was converted before, and where a function names anything of
 * hugetlb still, nothing but a plain false is taken.
 *
 * The BUG_ON() around one of the calls was there before, and stays.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_try_dup_anon_rmap_pte
 * Present-if: mm/memory.c lacks page_try_dup_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_try_dup_anon_rmap
 * Needs: page_try_dup_anon_rmap
 * Expect-none: page_try_dup_anon_rmap
 */

// The page is named twice afterwards, so naming it must do nothing: the first branch
// leaves what does more alone.
@@
expression page, vma, x, y;
assignment operator aop;
identifier effect;
symbol false;
@@
(
  page_try_dup_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
- page_try_dup_anon_rmap(page, \(false\|0\), vma)
+ folio_try_dup_anon_rmap_pte(page_folio(page), page, vma)
)

// What is of hugetlb says true as well, and is mapped by no PMD: hugetlb.cocci takes it. What
// that has left is for a reader: in a function that names anything of hugetlb, "compound" may
// be what it is, but for a plain false.
@ calls exists @
identifier fn;
position f;
@@
  fn@f(...)
  {
  <+...
  page_try_dup_anon_rmap(...)
  ...+>
  }

@ names_hugetlb exists @
identifier calls.fn;
identifier a =~ "hugetlb", b =~ "HUGETLB", c =~ "hstate", d =~ "huge_pte", e =~ "^huge_page_";
identifier g =~ "^PageHuge$", h =~ "^PageHeadHuge$", i =~ "^is_file_hugepages$";
position calls.f;
position n;
@@
  fn@f@n(...)
  {
  ... when any
  \( a \| b \| c \| d \| e \| g \| h \| i \)
  ... when any
  }

@ has_hstate exists @
identifier calls.fn;
identifier h;
expression E;
position calls.f;
position n;
@@
  fn@f@n(...)
  {
  ... when any
(
  struct hstate *h;
|
  struct hstate *h = E;
)
  ... when any
  }

@ takes_hstate @
identifier fn, h;
position n;
@@
  fn@n(..., struct hstate *h, ...) { ... }

// What the rules below may change gets a name of its own until they have run.
@@
identifier fn, effect;
expression x, y;
assignment operator aop;
position f != { names_hugetlb.n, has_hstate.n, takes_hstate.n };
@@
  fn@f(...)
  {
  <...
(
  page_try_dup_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
- page_try_dup_anon_rmap
+ page_try_dup_anon_rmap_not_hugetlb
  (...)
)
  ...>
  }

@@
expression page, vma;
symbol true;
@@
- page_try_dup_anon_rmap_not_hugetlb(page, \(true\|1\), vma)
+ folio_try_dup_anon_rmap_pmd(page_folio(page), page, vma)

// What is known only when it runs is asked then.
@@
expression page, vma, compound;
@@
- page_try_dup_anon_rmap_not_hugetlb(page, compound, vma)
+ (compound ? folio_try_dup_anon_rmap_pmd(page_folio(page), page, vma) : folio_try_dup_anon_rmap_pte(page_folio(page), page, vma))
