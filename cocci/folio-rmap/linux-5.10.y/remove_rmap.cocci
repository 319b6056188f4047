// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_remove_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:12:00 +0000
 *
 * Convert the callers of page_remove_rmap() to folio_remove_rmap_pte() and
 * folio_remove_rmap_pmd(), by what they pass as "compound". hugetlb does not
 * come here any more, so true stands for a PMD mapping.
 *
 * The old function takes no vma on this kernel, the new ones do. It is the
 * one vma that the caller has at hand.
 *
 * No functional change intended.
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
 */

// The page is named twice afterwards: it must do nothing when it is evaluated.
@ effects @
expression x, y;
identifier fn;
position p;
@@
  page_remove_rmap@p(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)

// With two vm areas at hand nothing says which one it is: left to a reader.
@ two_params @
identifier fn, vma, other;
position p;
@@
  fn(..., struct vm_area_struct *vma, ..., struct vm_area_struct *other, ...)
  {
  <...
  page_remove_rmap@p(...)
  ...>
  }

@ param_and_local @
identifier fn, vma, other;
expression E;
position p;
@@
  fn(..., struct vm_area_struct *vma, ...)
  {
  ...
(
  struct vm_area_struct *other;
|
  struct vm_area_struct *other = E;
)
  <...
  page_remove_rmap@p(...)
  ...>
  }

@ two_locals @
identifier vma, other;
expression E, E2;
position p;
@@
(
  struct vm_area_struct *vma;
|
  struct vm_area_struct *vma = E;
)
  ...
(
  struct vm_area_struct *other;
|
  struct vm_area_struct *other = E2;
)
  <...
  page_remove_rmap@p(...)
  ...>

@ by_param @
identifier fn, vma;
expression page;
symbol true, false;
position p != { effects.p, two_params.p, param_and_local.p };
@@
  fn(..., struct vm_area_struct *vma, ...)
  {
  <...
(
- page_remove_rmap@p(page, \(false\|0\))
+ folio_remove_rmap_pte(page_folio(page), page, vma)
|
- page_remove_rmap@p(page, \(true\|1\))
+ folio_remove_rmap_pmd(page_folio(page), page, vma)
)
  ...>
  }

@ by_local @
identifier fn, vma;
expression page, E;
symbol true, false;
position p != { effects.p, two_params.p, param_and_local.p, two_locals.p };
@@
  fn(...)
  {
  ...
  struct vm_area_struct *vma = E;
  <...
(
- page_remove_rmap@p(page, \(false\|0\))
+ folio_remove_rmap_pte(page_folio(page), page, vma)
|
- page_remove_rmap@p(page, \(true\|1\))
+ folio_remove_rmap_pmd(page_folio(page), page, vma)
)
  ...>
  }

// One statement becomes an "if" with an "else": below another "if" it would need
// braces of its own.
@ bare @
expression cond;
position p;
@@
  if (cond)
  page_remove_rmap@p(...);

@ bare_else @
expression cond;
statement S;
position p;
@@
  if (cond)
  page_remove_rmap@p(...);
  else S

// What is known only when it runs is asked then.
@ variable @
identifier fn, vma;
expression page;
bool compound;
position p != { effects.p, two_params.p, param_and_local.p, bare.p, bare_else.p };
@@
  fn(..., struct vm_area_struct *vma, ...)
  {
  <...
- page_remove_rmap@p(page, compound);
+ if (compound)
+	folio_remove_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_remove_rmap_pte(page_folio(page), page, vma);
  ...>
  }
