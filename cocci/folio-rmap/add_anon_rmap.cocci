// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_add_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:08:00 +0000
 *
 * Convert the callers of page_add_anon_rmap() to folio_add_anon_rmap_pte()
 * and folio_add_anon_rmap_pmd(), by whether RMAP_COMPOUND is in the flags
 * that they pass. A local variable tells by what it starts with, as long as
 * nothing but RMAP_EXCLUSIVE is added to it. RMAP_COMPOUND itself is not
 * passed on: the name of the function says it.
 *
 * No functional change intended.
 *
 * Based on commits 395db7b19089, a15dc4785c98, 977295349eb7, da7dc0afe243 and
 * b832a354d787 by David Hildenbrand, which converted these callers. The ids
 * are from a published list and were not checked in a repository.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_add_anon_rmap_pte
 * Present-if: mm/memory.c lacks page_add_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_add_anon_rmap
 * Needs: page_add_anon_rmap
 * Expect-none: page_add_anon_rmap
 * Expect-apart: folio_add_anon_rmap_pmd hugetlb Hugetlb HUGETLB hstate huge_pte hugepage_add
 * Expect-apart: folio_add_anon_rmap_pmd per_huge_page huge_page_size huge_page_order
 * Expect-apart: folio_add_anon_rmap_pmd huge_page_mask huge_page_shift PageHuge HPage
 * Expect-apart: folio_add_anon_rmap_pmd alloc_huge_page free_huge_page huge_pmd_share
 * Expect-apart: folio_add_anon_rmap_pmd huge_pmd_unshare is_file_hugepages
 * Expect-beside: folio_add_anon_rmap_pmd pmd_t pmdp_ set_pmd HPAGE_PMD
 * Expect-beside: folio_add_anon_rmap_pmd pmd_lock pmd_trans_huge pmd_huge_pte
 * Expect-apart: folio_add_anon_rmap_pte RMAP_COMPOUND
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
  page_add_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
  page_add_anon_rmap(<+... macro ...+>, ...)
|
- page_add_anon_rmap
+ page_add_anon_rmap_plain
  (...)
)
  ...>
  }

// A local variable that starts as a PMD's, and is for the call and nothing else. Positions do
// not outlive a change of the file, so each level is looked at right before its rule.
@ use @
expression page, vma, addr;
idexpression flags;
position u;
@@
(
  page_add_anon_rmap_plain(page, vma, addr, flags@u)
|
  flags@u |= RMAP_EXCLUSIVE
)

@ other_use exists @
identifier flags;
position d, o != use.u;
@@
  rmap_t flags@d = RMAP_COMPOUND;
  ... when any
  flags@o

// Another one of this name, further in.
@ start_pmd @
identifier flags;
position p;
@@
  rmap_t flags@p = RMAP_COMPOUND;

@ shadows_pmd exists @
identifier flags;
expression E;
position d, q != start_pmd.p;
@@
  rmap_t flags@d = RMAP_COMPOUND;
  ... when any
(
  rmap_t flags@q = E;
|
  rmap_t flags@q;
)

@ pmd exists @
identifier flags;
expression page, vma, addr;
position d != { other_use.d, shadows_pmd.d };
@@
- rmap_t flags@d = RMAP_COMPOUND;
+ rmap_t flags = RMAP_NONE;
  ... when any
- page_add_anon_rmap_plain(page, vma, addr, flags)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, flags)

// One that starts as a PTE's and can become no PMD's.
@ start_pte @
identifier flags;
constant start = { RMAP_NONE, RMAP_EXCLUSIVE };
position p, s;
@@
  rmap_t flags@p = start@s;

@ exclusive @
identifier flags;
position s;
@@
  flags |= RMAP_EXCLUSIVE@s

@ change_pte exists @
identifier flags;
constant start = { RMAP_NONE, RMAP_EXCLUSIVE };
expression E;
assignment operator aop;
position d, q != { start_pte.s, exclusive.s };
@@
  rmap_t flags@d = start;
  ... when any
(
  flags aop E@q
|
  \( flags++ \| flags-- \| ++flags \| --flags \| &flags \)
)

@ shadows_pte exists @
identifier flags;
constant start = { RMAP_NONE, RMAP_EXCLUSIVE };
expression E;
position d, q != start_pte.p;
@@
  rmap_t flags@d = start;
  ... when any
(
  rmap_t flags@q = E;
|
  rmap_t flags@q;
)

@ pte exists @
identifier flags;
expression page, vma, addr;
constant start = { RMAP_NONE, RMAP_EXCLUSIVE };
position d != { change_pte.d, shadows_pte.d };
@@
  rmap_t flags@d = start;
  ... when any
- page_add_anon_rmap_plain(page, vma, addr, flags)
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, flags)

@@
expression page, vma, addr, E;
constant C = { RMAP_NONE, RMAP_EXCLUSIVE };
@@
(
- page_add_anon_rmap_plain(page, vma, addr, RMAP_COMPOUND)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_NONE)
|
- page_add_anon_rmap_plain(page, vma, addr, RMAP_COMPOUND | E)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, E)
|
- page_add_anon_rmap_plain(page, vma, addr, E | RMAP_COMPOUND)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, E)
|
- page_add_anon_rmap_plain(page, vma, addr, C)
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, C)
)

// The rest has its old name again.
@@ @@
- page_add_anon_rmap_plain
+ page_add_anon_rmap
  (...)
