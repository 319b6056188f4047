// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_remove_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:12:00 +0000
 *
 * Convert the callers of page_remove_rmap() to folio_remove_rmap_pte() and
 * folio_remove_rmap_pmd(), by what they pass as "compound". True stands for
 * a PMD mapping: hugetlb says it as well, but was converted before, and where
 * a function names anything of hugetlb still, nothing but a plain false is
 * taken.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: mm/rmap.c defines folio_remove_rmap_ptes
 * Present-if: mm/memory.c lacks page_remove_rmap
 * Present-if: mm/huge_memory.c lacks page_remove_rmap
 * Needs: page_remove_rmap
 * Expect-none: page_remove_rmap
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
  page_remove_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
- page_remove_rmap(page, vma, \(false\|0\))
+ folio_remove_rmap_pte(page_folio(page), page, vma)
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
  page_remove_rmap(...)
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
  page_remove_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
- page_remove_rmap
+ page_remove_rmap_not_hugetlb
  (...)
)
  ...>
  }

@@
expression page, vma;
symbol true;
@@
- page_remove_rmap_not_hugetlb(page, vma, \(true\|1\))
+ folio_remove_rmap_pmd(page_folio(page), page, vma)

// What is known only when it runs is asked then. A call that is all of an arm or of a loop gets
// braces first.
@@
expression cond;
statement S;
@@
  if (cond)
+ {
  page_remove_rmap_not_hugetlb(...);
+ }
  else S

@@
expression cond;
statement S;
@@
  if (cond) S
  else
+ {
  page_remove_rmap_not_hugetlb(...);
+ }

@@
expression cond;
@@
  if (cond)
+ {
  page_remove_rmap_not_hugetlb(...);
+ }

@@
expression cond;
@@
  while (cond)
+ {
  page_remove_rmap_not_hugetlb(...);
+ }

@@
expression start, cond, step;
@@
  for (start; cond; step)
+ {
  page_remove_rmap_not_hugetlb(...);
+ }

@@
expression start, cond, step;
type T;
identifier i;
@@
  for (T i = start; cond; step)
+ {
  page_remove_rmap_not_hugetlb(...);
+ }

@@
iterator loop;
@@
  loop(...)
+ {
  page_remove_rmap_not_hugetlb(...);
+ }

@@
expression page, vma, compound;
@@
- page_remove_rmap_not_hugetlb(page, vma, compound);
+ if (compound)
+	folio_remove_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_remove_rmap_pte(page_folio(page), page, vma);

@@ @@
- page_remove_rmap_not_hugetlb
+ page_remove_rmap
  (...)
