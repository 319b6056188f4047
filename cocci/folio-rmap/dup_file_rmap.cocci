// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_dup_file_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:16:00 +0000
 *
 * Convert the callers of page_dup_file_rmap() to folio_dup_file_rmap_pte()
 * and folio_dup_file_rmap_pmd(), by what they pass as "compound". hugetlb,
 * which used to be the only one to pass true, was converted before: where a
 * function names anything of it still, nothing but a plain false is taken.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_dup_file_rmap_pte
 * Present-if: mm/memory.c lacks page_dup_file_rmap
 * Needs: page_dup_file_rmap
 * Expect-none: page_dup_file_rmap
 */

// The page is named twice afterwards, so naming it must do nothing: the first branch
// leaves what does more alone.
@@
expression page, x, y;
assignment operator aop;
identifier effect;
symbol false;
@@
(
  page_dup_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
- page_dup_file_rmap(page, \(false\|0\))
+ folio_dup_file_rmap_pte(page_folio(page), page)
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
  page_dup_file_rmap(...)
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
  page_dup_file_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x aop y \| effect(...) \) ...+>, ...)
|
- page_dup_file_rmap
+ page_dup_file_rmap_not_hugetlb
  (...)
)
  ...>
  }

@@
expression page;
symbol true;
@@
- page_dup_file_rmap_not_hugetlb(page, \(true\|1\))
+ folio_dup_file_rmap_pmd(page_folio(page), page)

// What is known only when it runs is asked then. A call that is all of an arm or of a loop gets
// braces first.
@@
expression cond;
statement S;
@@
  if (cond)
+ {
  page_dup_file_rmap_not_hugetlb(...);
+ }
  else S

@@
expression cond;
statement S;
@@
  if (cond) S
  else
+ {
  page_dup_file_rmap_not_hugetlb(...);
+ }

@@
expression cond;
@@
  if (cond)
+ {
  page_dup_file_rmap_not_hugetlb(...);
+ }

@@
expression cond;
@@
  while (cond)
+ {
  page_dup_file_rmap_not_hugetlb(...);
+ }

@@
expression start, cond, step;
@@
  for (start; cond; step)
+ {
  page_dup_file_rmap_not_hugetlb(...);
+ }

@@
expression start, cond, step;
type T;
identifier i;
@@
  for (T i = start; cond; step)
+ {
  page_dup_file_rmap_not_hugetlb(...);
+ }

@@
iterator loop;
@@
  loop(...)
+ {
  page_dup_file_rmap_not_hugetlb(...);
+ }

@@
expression page, compound;
@@
- page_dup_file_rmap_not_hugetlb(page, compound);
+ if (compound)
+	folio_dup_file_rmap_pmd(page_folio(page), page);
+ else
+	folio_dup_file_rmap_pte(page_folio(page), page);

@@ @@
- page_dup_file_rmap_not_hugetlb
+ page_dup_file_rmap
  (...)
