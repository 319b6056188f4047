// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_add_file_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:05:00 +0000
 *
 * Convert the callers of page_add_file_rmap() to folio_add_file_rmap_pte()
 * and folio_add_file_rmap_pmd(), by what they pass as "compound". True stands
 * for a PMD mapping; where a function names anything of hugetlb, nothing but
 * a plain false is taken.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_add_file_rmap_pte
 * Present-if: mm/memory.c lacks page_add_file_rmap
 * Present-if: mm/migrate.c lacks page_add_file_rmap
 * Present-if: mm/huge_memory.c lacks page_add_file_rmap
 * Needs: page_add_file_rmap
 * Expect-none: page_add_file_rmap
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
  page_add_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
- page_add_file_rmap(page, vma, \(false\|0\))
+ folio_add_file_rmap_pte(page_folio(page), page, vma)
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
  page_add_file_rmap(...)
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
  page_add_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
- page_add_file_rmap
+ page_add_file_rmap_not_hugetlb
  (...)
)
  ...>
  }

@@
expression page, vma;
symbol true;
@@
- page_add_file_rmap_not_hugetlb(page, vma, \(true\|1\))
+ folio_add_file_rmap_pmd(page_folio(page), page, vma)

// What is known only when it runs is asked then. A call that is all of an arm or of a loop gets
// braces first.
@@
expression cond;
statement S;
@@
  if (cond)
+ {
  page_add_file_rmap_not_hugetlb(...);
+ }
  else S

@@
expression cond;
statement S;
@@
  if (cond) S
  else
+ {
  page_add_file_rmap_not_hugetlb(...);
+ }

@@
expression cond;
@@
  if (cond)
+ {
  page_add_file_rmap_not_hugetlb(...);
+ }

@@
expression cond;
@@
  while (cond)
+ {
  page_add_file_rmap_not_hugetlb(...);
+ }

@@
expression start, cond, step;
@@
  for (start; cond; step)
+ {
  page_add_file_rmap_not_hugetlb(...);
+ }

@@
expression start, cond, step;
type T;
identifier i;
@@
  for (T i = start; cond; step)
+ {
  page_add_file_rmap_not_hugetlb(...);
+ }

@@
iterator loop;
@@
  loop(...)
+ {
  page_add_file_rmap_not_hugetlb(...);
+ }

@@
expression page, vma, compound;
@@
- page_add_file_rmap_not_hugetlb(page, vma, compound);
+ if (compound)
+	folio_add_file_rmap_pmd(page_folio(page), page, vma);
+ else
+	folio_add_file_rmap_pte(page_folio(page), page, vma);

@@ @@
- page_add_file_rmap_not_hugetlb
+ page_add_file_rmap
  (...)
