// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_remove_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:12:00 +0000
 *
 * Convert the callers of page_remove_rmap() to folio_remove_rmap_pte() and
 * folio_remove_rmap_pmd(), by what they pass as "compound". True stands for a
 * PMD mapping: hugetlb says it as well, but was converted before.
 *
 * The old function takes no vma on this kernel, the new ones do. It is the
 * one vma that the caller has at hand.
 *
 * No functional change intended.
 *
 * Based on commits 5cc9695f06b0, a8e61d584eda, 35668a432146, 18e8612e5624,
 * c46265030b0f, 5b205c7f2684 and ca1a0746182c by David Hildenbrand, which
 * converted these callers. The ids are from a published list and were not
 * checked in a repository.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_remove_rmap_pte
 * Present-if: mm/memory.c lacks page_remove_rmap
 * Present-if: mm/huge_memory.c lacks page_remove_rmap
 * Present-if: mm/khugepaged.c lacks page_remove_rmap
 * Present-if: kernel/events/uprobes.c lacks page_remove_rmap
 * Expect-none: page_remove_rmap
 * Needs: page_remove_rmap
 * Expect-apart: folio_remove_rmap_pmd hugetlb Hugetlb HUGETLB hstate huge_pte hugepage_add
 * Expect-apart: folio_remove_rmap_pmd per_huge_page huge_page_size huge_page_order
 * Expect-apart: folio_remove_rmap_pmd huge_page_mask huge_page_shift PageHuge HPage
 * Expect-apart: folio_remove_rmap_pmd alloc_huge_page free_huge_page huge_pmd_share
 * Expect-apart: folio_remove_rmap_pmd huge_pmd_unshare is_file_hugepages
 * Expect-beside: folio_remove_rmap_pmd pmd_t pmdp_ set_pmd HPAGE_PMD
 * Expect-beside: folio_remove_rmap_pmd pmd_lock pmd_trans_huge pmd_huge_pte
 */

// The vma is the one that the function has. With two of them at hand nothing says which one it
// is: left to a reader.
@ a_param @
identifier fn, vma;
position f;
@@
  fn@f(..., struct vm_area_struct *vma, ...) { ... }

@ two_params @
identifier fn, vma, other;
position f;
@@
  fn@f(..., struct vm_area_struct *vma, ..., struct vm_area_struct *other, ...) { ... }

@ param_and_local exists @
identifier fn, vma, other;
expression E;
position f;
@@
  fn@f(..., struct vm_area_struct *vma, ...)
  {
  ... when any
(
  struct vm_area_struct *other;
|
  struct vm_area_struct *other = E;
)
  ... when any
  }

@ two_locals exists @
identifier fn, vma, other;
expression E, F;
position f;
@@
  fn@f(...)
  {
  ... when any
(
  struct vm_area_struct *vma;
|
  struct vm_area_struct *vma = E;
)
  ... when any
(
  struct vm_area_struct *other;
|
  struct vm_area_struct *other = F;
)
  ... when any
  }

// A second one in the same declaration.
@ area exists @
identifier fn, vma;
expression E;
position f;
@@
  fn@f(...)
  {
  ... when any
(
  struct vm_area_struct *vma;
|
  struct vm_area_struct *vma = E;
)
  ... when any
  }

@ one_more exists @
identifier fn, other != area.vma;
expression E;
position area.f, g;
@@
  fn@f@g(...)
  {
  ... when any
(
  struct vm_area_struct *other;
|
  struct vm_area_struct *other = E;
)
  ... when any
  }

// What is understood gets the vma and a name of its own until the rules have run: calls within
// functions (a macro names what it is given), whose arguments do nothing, as the page is named
// twice afterwards. Positions do not outlive a change of the function, and no function is changed
// by both.
@@
identifier fn, vma;
identifier macro =~ "^[A-Z][A-Z0-9_]*$";
expression x, y, effect;
assignment operator aop;
position f != { two_params.f, param_and_local.f };
@@
  fn@f(..., struct vm_area_struct *vma, ...)
  {
  <...
(
  page_remove_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
  page_remove_rmap(<+... macro ...+>, ...)
|
- page_remove_rmap
+ page_remove_rmap_of
  (
+	vma,
	...)
)
  ...>
  }

@@
identifier fn, vma;
identifier macro =~ "^[A-Z][A-Z0-9_]*$";
expression x, y, effect, E;
assignment operator aop;
position f != { two_params.f, param_and_local.f, two_locals.f, one_more.g, a_param.f };
@@
  fn@f(...)
  {
  ...
  struct vm_area_struct *vma = E;
  <...
(
  page_remove_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
  page_remove_rmap(<+... macro ...+>, ...)
|
- page_remove_rmap
+ page_remove_rmap_of
  (
+	vma,
	...)
)
  ...>
  }

@@
expression page, vma;
symbol true, false;
@@
(
- page_remove_rmap_of(vma, page, \(false\|0\))
+ folio_remove_rmap_pte(page_folio(page), page, vma)
|
- page_remove_rmap_of(vma, page, \(true\|1\))
+ folio_remove_rmap_pmd(page_folio(page), page, vma)
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
  page_remove_rmap_of@p(...);
|
  if (cond)
  page_remove_rmap_of@p(...);
  else S
)

@ bare_else @
expression cond;
statement S;
position p;
@@
  if (cond) S
  else
  page_remove_rmap_of@p(...);

@ bare_loop @
expression cond, step, E;
iterator loop;
type T;
identifier i;
position p;
@@
(
  while (cond)
  page_remove_rmap_of@p(...);
|
  for (...; ...; ...)
  page_remove_rmap_of@p(...);
|
  for (T i = E; cond; step)
  page_remove_rmap_of@p(...);
|
  loop(...)
  page_remove_rmap_of@p(...);
)

@@
expression page, vma, compound;
position p != { bare_if.p, bare_else.p, bare_loop.p };
@@
- page_remove_rmap_of@p(vma, page, compound);
+ if (compound)
+	folio_remove_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_remove_rmap_pte(page_folio(page), page, vma);

// The rest has its old name again.
@@
expression vma;
@@
- page_remove_rmap_of
+ page_remove_rmap
  (
-	vma,
	...)
