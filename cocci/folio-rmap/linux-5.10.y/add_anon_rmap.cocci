// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_add_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:08:00 +0000
 *
 * Convert the callers of page_add_anon_rmap() to folio_add_anon_rmap_pte()
 * and folio_add_anon_rmap_pmd(), by what they pass as "compound". True stands
 * for a PMD mapping: hugetlb says it as well, but was converted before.
 *
 * do_page_add_anon_rmap() takes flags instead on this kernel. Its only
 * caller, do_swap_page(), has them in a variable that starts as RMAP_NONE and
 * gets nothing but RMAP_EXCLUSIVE, so it adds a PTE mapping and passes
 * RMAP_EXCLUSIVE on as it did before.
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
 * Present-if: mm/memory.c lacks do_page_add_anon_rmap
 * Present-if: mm/migrate.c lacks page_add_anon_rmap
 * Present-if: mm/swapfile.c lacks page_add_anon_rmap
 * Expect-none: page_add_anon_rmap
 * Expect-none: do_page_add_anon_rmap
 * Needs: page_add_anon_rmap
 * Needs: do_page_add_anon_rmap
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
|
  do_page_add_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
  do_page_add_anon_rmap(<+... macro ...+>, ...)
|
- do_page_add_anon_rmap
+ do_page_add_anon_rmap_plain
  (...)
)
  ...>
  }

// A local variable that starts as a PTE's flags and can become no PMD's. This comes first, since
// positions do not outlive a change of the file.
@ start @
typedef rmap_t;
identifier flags;
constant none = { RMAP_NONE, RMAP_EXCLUSIVE };
position p, s;
symbol RMAP_NONE, RMAP_EXCLUSIVE, RMAP_COMPOUND;
@@
  rmap_t flags@p = none@s;

@ exclusive @
identifier flags;
position s;
@@
(
  flags = RMAP_EXCLUSIVE@s
|
  flags |= RMAP_EXCLUSIVE@s
)

@ changes exists @
identifier flags;
constant none = { RMAP_NONE, RMAP_EXCLUSIVE };
expression E;
assignment operator aop;
position d, q != { start.s, exclusive.s };
@@
  rmap_t flags@d = none;
  ... when any
(
  flags aop E@q
|
  \( flags++ \| flags-- \| ++flags \| --flags \| &flags \)
)

// Another one of this name, further in.
@ shadows exists @
identifier flags;
constant none = { RMAP_NONE, RMAP_EXCLUSIVE };
expression E;
position d, q != start.p;
@@
  rmap_t flags@d = none;
  ... when any
(
  rmap_t flags@q = E;
|
  rmap_t flags@q;
)

@@
identifier flags;
constant none = { RMAP_NONE, RMAP_EXCLUSIVE };
expression page, vma, addr;
position d != { changes.d, shadows.d };
@@
  rmap_t flags@d = none;
  <...
- do_page_add_anon_rmap_plain(page, vma, addr, flags)
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, flags)
  ...>

@@
expression page, vma, addr;
symbol true, false;
@@
(
- page_add_anon_rmap_plain(page, vma, addr, \(false\|0\))
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, RMAP_NONE)
|
- page_add_anon_rmap_plain(page, vma, addr, \(true\|1\))
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_NONE)
|
- do_page_add_anon_rmap_plain(page, vma, addr, RMAP_NONE)
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, RMAP_NONE)
|
- do_page_add_anon_rmap_plain(page, vma, addr, RMAP_EXCLUSIVE)
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, RMAP_EXCLUSIVE)
|
- do_page_add_anon_rmap_plain(page, vma, addr, RMAP_COMPOUND)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_NONE)
|
- do_page_add_anon_rmap_plain(page, vma, addr, \(RMAP_COMPOUND | RMAP_EXCLUSIVE\|RMAP_EXCLUSIVE | RMAP_COMPOUND\))
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_EXCLUSIVE)
)

// What is known only when it runs is asked then. One statement becomes two, so a call that is
// all of an arm or of a loop, without braces, is left.
@ bare_if @
expression cond;
statement S;
position p;
@@
(
  if (cond)
  page_add_anon_rmap_plain@p(...);
|
  if (cond)
  page_add_anon_rmap_plain@p(...);
  else S
)

@ bare_else @
expression cond;
statement S;
position p;
@@
  if (cond) S
  else
  page_add_anon_rmap_plain@p(...);

@ bare_loop @
expression cond, step, E;
iterator loop;
type T;
identifier i;
position p;
@@
(
  while (cond)
  page_add_anon_rmap_plain@p(...);
|
  for (...; ...; ...)
  page_add_anon_rmap_plain@p(...);
|
  for (T i = E; cond; step)
  page_add_anon_rmap_plain@p(...);
|
  loop(...)
  page_add_anon_rmap_plain@p(...);
)

@@
expression page, vma, addr, compound;
position p != { bare_if.p, bare_else.p, bare_loop.p };
@@
- page_add_anon_rmap_plain@p(page, vma, addr, compound);
+ if (compound)
+	folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_NONE);
+ else
+	folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, RMAP_NONE);

// The rest has its old name again.
@@ @@
(
- page_add_anon_rmap_plain
+ page_add_anon_rmap
  (...)
|
- do_page_add_anon_rmap_plain
+ do_page_add_anon_rmap
  (...)
)
