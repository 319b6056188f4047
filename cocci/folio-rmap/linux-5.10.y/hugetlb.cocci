// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/hugetlb: use the rmap functions of its own
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:02:00 +0000
 *
 * hugetlb has rmap functions of its own now. Let its code use them instead of
 * those that are meant for THP, or for any page.
 *
 * Which page is a hugetlb page is told by what the code says, not by the name
 * of the file: a function that has an hstate on every way deals with nothing
 * else, hugepage_add_anon_rmap() and hugepage_add_new_anon_rmap() are for
 * hugetlb pages only, and so is what stands in the other arm of the same
 * condition, or behind a test of PageHuge() or is_vm_hugetlb_page().
 * try_to_unmap_one() says PageHuge() itself, and is split into two branches.
 *
 * page_dup_rmap() tells anonymous pages from those of a file nowhere on this
 * kernel. Where it is the other arm to adding an anonymous page, the page is
 * one of a file, whether it was mapped before or not. In fork() it may be
 * either, so copy_hugetlb_page_range() gets a branch; as before, no pins are
 * looked at there, and neither arm can fail.
 *
 * No functional change intended.
 *
 * Based on commits 9d5fafd5d882, e135826b2da0, 44887f399455, ebe2e35ec0f2 and
 * 0c2ec32bf0b2 by David Hildenbrand, which converted these callers. The ids
 * are from a published list and were not checked in a repository.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines hugetlb_remove_rmap
 * Present-if: mm/hugetlb.c lacks page_dup_rmap
 * Present-if: mm/hugetlb.c lacks page_remove_rmap
 * Present-if: mm/migrate.c lacks hugepage_add_anon_rmap
 * Expect-none: hugepage_add_anon_rmap
 * Expect-none: hugepage_add_new_anon_rmap
 * Needs: hugepage_add_anon_rmap
 * Needs: hugepage_add_new_anon_rmap
 * Needs: page_dup_rmap
 * Needs: page_remove_rmap
 */

// The arms that belong together: one adds an anonymous page, the other, which
// duplicates a mapping with "compound" set, cannot but have a page of a file. Each arm is a block
// or the call alone: not every spatch takes a block here for what may be either.
@ beside_anon_first @
expression cond, page, vma, addr;
symbol true, false;
@@
  if (cond)
  {
  ...
(
- hugepage_add_anon_rmap(page, vma, addr)
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE)
|
- hugepage_add_new_anon_rmap(page, vma, addr)
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr)
)
  ;
  ...
  }
  else
  {
  ...
- page_dup_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
  ;
  ...
  }

@ beside_anon_first_then_call @
expression cond, page, vma, addr;
symbol true, false;
@@
  if (cond)
  {
  ...
(
- hugepage_add_anon_rmap(page, vma, addr)
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE)
|
- hugepage_add_new_anon_rmap(page, vma, addr)
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr)
)
  ;
  ...
  }
  else
- page_dup_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
  ;

@ beside_anon_first_call_then @
expression cond, page, vma, addr;
symbol true, false;
@@
  if (cond)
(
- hugepage_add_anon_rmap(page, vma, addr)
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE)
|
- hugepage_add_new_anon_rmap(page, vma, addr)
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr)
)
  ;
  else
  {
  ...
- page_dup_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
  ;
  ...
  }

@ beside_anon_first_calls @
expression cond, page, vma, addr;
symbol true, false;
@@
  if (cond)
(
- hugepage_add_anon_rmap(page, vma, addr)
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE)
|
- hugepage_add_new_anon_rmap(page, vma, addr)
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr)
)
  ;
  else
- page_dup_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
  ;

@ beside_anon_second @
expression cond, page, vma, addr;
symbol true, false;
@@
  if (cond)
  {
  ...
- page_dup_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
  ;
  ...
  }
  else
  {
  ...
(
- hugepage_add_anon_rmap(page, vma, addr)
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE)
|
- hugepage_add_new_anon_rmap(page, vma, addr)
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr)
)
  ;
  ...
  }

@ beside_anon_second_then_call @
expression cond, page, vma, addr;
symbol true, false;
@@
  if (cond)
  {
  ...
- page_dup_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
  ;
  ...
  }
  else
(
- hugepage_add_anon_rmap(page, vma, addr)
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE)
|
- hugepage_add_new_anon_rmap(page, vma, addr)
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr)
)
  ;

@ beside_anon_second_call_then @
expression cond, page, vma, addr;
symbol true, false;
@@
  if (cond)
- page_dup_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
  ;
  else
  {
  ...
(
- hugepage_add_anon_rmap(page, vma, addr)
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE)
|
- hugepage_add_new_anon_rmap(page, vma, addr)
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr)
)
  ;
  ...
  }

@ beside_anon_second_calls @
expression cond, page, vma, addr;
symbol true, false;
@@
  if (cond)
- page_dup_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
  ;
  else
(
- hugepage_add_anon_rmap(page, vma, addr)
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE)
|
- hugepage_add_new_anon_rmap(page, vma, addr)
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr)
)
  ;

@@
expression page, vma, addr;
@@
(
- hugepage_add_anon_rmap(page, vma, addr)
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE)
|
- hugepage_add_new_anon_rmap(page, vma, addr)
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr)
)

// Only hugetlb has an hstate. Who gets it on every way, and not only where the mapping turns out
// to be hugetlb's, has no other mappings. But it may be NULL, where the function does anything else
// with it than use it; positions do not outlive a change of the file, so that is looked for in front
// of each rule. fork() duplicates whatever it finds there; the call that does gets a name of its own
// until it is known where it stands. The page is named twice then: it is a variable.
@ plain1 @
idexpression struct hstate *h;
identifier f =~ "huge" || =~ "hstate" || =~ "reserv" || =~ "gigantic", get = { hstate_vma, hstate_file, hstate_inode }, m;
position u;
@@
(
  f(..., h@u, ...)
|
  h@u->m
|
  h@u = get(...)
)

@ asks1 exists @
identifier fn;
idexpression struct hstate *h;
position f, o != plain1.u;
@@
  fn@f(...)
  {
  ... when any
  h@o
  ... when any
  }

@@
position f != asks1.f;
identifier fn, vma, h, page, get = { hstate_vma, hstate_file, hstate_inode };
symbol true;
@@
  fn@f(..., struct vm_area_struct *vma, ...)
  {
  ... when strict
  struct hstate *h = get(...);
  <...
- page_dup_rmap
+ page_dup_rmap_of_hugetlb
  (
+	vma,
	page, true);
  ...>
  }

@ plain2 @
idexpression struct hstate *h;
identifier f =~ "huge" || =~ "hstate" || =~ "reserv" || =~ "gigantic", get = { hstate_vma, hstate_file, hstate_inode }, m;
position u;
@@
(
  f(..., h@u, ...)
|
  h@u->m
|
  h@u = get(...)
)

@ asks2 exists @
identifier fn;
idexpression struct hstate *h;
position f, o != plain2.u;
@@
  fn@f(...)
  {
  ... when any
  h@o
  ... when any
  }

@@
position f != asks2.f;
identifier fn, vma, h, page, get = { hstate_vma, hstate_file, hstate_inode };
symbol true;
@@
  fn@f(..., struct vm_area_struct *vma, ...)
  {
  ... when strict
  struct hstate *h;
  ... when strict
  h = get(...);
  <...
- page_dup_rmap
+ page_dup_rmap_of_hugetlb
  (
+	vma,
	page, true);
  ...>
  }

@ plain3 @
idexpression struct hstate *h;
identifier f =~ "huge" || =~ "hstate" || =~ "reserv" || =~ "gigantic", get = { hstate_vma, hstate_file, hstate_inode }, m;
position u;
@@
(
  f(..., h@u, ...)
|
  h@u->m
|
  h@u = get(...)
)

@ asks3 exists @
identifier fn;
idexpression struct hstate *h;
position f, o != plain3.u;
@@
  fn@f(...)
  {
  ... when any
  h@o
  ... when any
  }

@@
position f != asks3.f;
identifier fn, vma, h, page;
symbol true;
@@
  fn@f(..., struct vm_area_struct *vma, ..., struct hstate *h, ...)
  {
  <...
- page_dup_rmap
+ page_dup_rmap_of_hugetlb
  (
+	vma,
	page, true);
  ...>
  }

@ plain4 @
idexpression struct hstate *h;
identifier f =~ "huge" || =~ "hstate" || =~ "reserv" || =~ "gigantic", get = { hstate_vma, hstate_file, hstate_inode }, m;
position u;
@@
(
  f(..., h@u, ...)
|
  h@u->m
|
  h@u = get(...)
)

@ asks4 exists @
identifier fn;
idexpression struct hstate *h;
position f, o != plain4.u;
@@
  fn@f(...)
  {
  ... when any
  h@o
  ... when any
  }

@@
position f != asks4.f;
identifier fn, vma, h, page;
symbol true;
@@
  fn@f(..., struct hstate *h, ..., struct vm_area_struct *vma, ...)
  {
  <...
- page_dup_rmap
+ page_dup_rmap_of_hugetlb
  (
+	vma,
	page, true);
  ...>
  }

// One statement becomes two, so a call that is all of an arm or of a loop, without braces, is
// left.
@ bare_if @
expression cond;
statement S;
position p;
@@
(
  if (cond)
  page_dup_rmap_of_hugetlb@p(...);
|
  if (cond)
  page_dup_rmap_of_hugetlb@p(...);
  else S
)

@ bare_else @
expression cond;
statement S;
position p;
@@
  if (cond) S
  else
  page_dup_rmap_of_hugetlb@p(...);

@ bare_loop @
expression cond, step, E;
iterator loop;
type T;
identifier i;
position p;
@@
(
  while (cond)
  page_dup_rmap_of_hugetlb@p(...);
|
  for (...; ...; ...)
  page_dup_rmap_of_hugetlb@p(...);
|
  for (T i = E; cond; step)
  page_dup_rmap_of_hugetlb@p(...);
|
  loop(...)
  page_dup_rmap_of_hugetlb@p(...);
)

@@
identifier vma, page;
symbol true;
position p != { bare_if.p, bare_else.p, bare_loop.p };
@@
- page_dup_rmap_of_hugetlb@p(vma, page, true);
+ if (PageAnon(page))
+	hugetlb_try_dup_anon_rmap(page_folio(page), vma);
+ else
+	hugetlb_add_file_rmap(page_folio(page));

// The rest has its old name again.
@@
expression vma;
@@
- page_dup_rmap_of_hugetlb
+ page_dup_rmap
  (
-	vma,
	...)

@ plain5 @
idexpression struct hstate *h;
identifier f =~ "huge" || =~ "hstate" || =~ "reserv" || =~ "gigantic", get = { hstate_vma, hstate_file, hstate_inode }, m;
position u;
@@
(
  f(..., h@u, ...)
|
  h@u->m
|
  h@u = get(...)
)

@ asks5 exists @
identifier fn;
idexpression struct hstate *h;
position f, o != plain5.u;
@@
  fn@f(...)
  {
  ... when any
  h@o
  ... when any
  }

@@
position f != asks5.f;
identifier fn, h, get = { hstate_vma, hstate_file, hstate_inode };
expression page;
symbol true;
@@
  fn@f(...)
  {
  ... when strict
  struct hstate *h = get(...);
  <...
- page_remove_rmap(page, true)
+ hugetlb_remove_rmap(page_folio(page))
  ;
  ...>
  }

@ plain6 @
idexpression struct hstate *h;
identifier f =~ "huge" || =~ "hstate" || =~ "reserv" || =~ "gigantic", get = { hstate_vma, hstate_file, hstate_inode }, m;
position u;
@@
(
  f(..., h@u, ...)
|
  h@u->m
|
  h@u = get(...)
)

@ asks6 exists @
identifier fn;
idexpression struct hstate *h;
position f, o != plain6.u;
@@
  fn@f(...)
  {
  ... when any
  h@o
  ... when any
  }

@@
position f != asks6.f;
identifier fn, h, get = { hstate_vma, hstate_file, hstate_inode };
expression page;
symbol true;
@@
  fn@f(...)
  {
  ... when strict
  struct hstate *h;
  ... when strict
  h = get(...);
  <...
- page_remove_rmap(page, true)
+ hugetlb_remove_rmap(page_folio(page))
  ;
  ...>
  }

@ plain7 @
idexpression struct hstate *h;
identifier f =~ "huge" || =~ "hstate" || =~ "reserv" || =~ "gigantic", get = { hstate_vma, hstate_file, hstate_inode }, m;
position u;
@@
(
  f(..., h@u, ...)
|
  h@u->m
|
  h@u = get(...)
)

@ asks7 exists @
identifier fn;
idexpression struct hstate *h;
position f, o != plain7.u;
@@
  fn@f(...)
  {
  ... when any
  h@o
  ... when any
  }

@@
position f != asks7.f;
identifier fn, h;
expression page;
symbol true;
@@
  fn@f(..., struct hstate *h, ...)
  {
  <...
- page_remove_rmap(page, true)
+ hugetlb_remove_rmap(page_folio(page))
  ;
  ...>
  }

// Who has asked whether it is one, or the area, does not need an hstate.
@@
identifier page;
expression E;
assignment operator aop;
symbol true;
@@
  if (PageHuge(page)) {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_remove_rmap(page, true)
+ hugetlb_remove_rmap(page_folio(page))
  ;
  ...
  }

@@
identifier page;
expression E;
assignment operator aop;
statement S;
symbol true;
@@
  if (PageHuge(page)) {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_remove_rmap(page, true)
+ hugetlb_remove_rmap(page_folio(page))
  ;
  ...
  } else S

@@
identifier vma;
expression page, E;
assignment operator aop;
symbol true;
@@
  if (is_vm_hugetlb_page(vma)) {
  ... when != vma aop E
- page_remove_rmap(page, true)
+ hugetlb_remove_rmap(page_folio(page))
  ;
  ...
  }

@@
identifier vma;
expression page, E;
assignment operator aop;
statement S;
symbol true;
@@
  if (is_vm_hugetlb_page(vma)) {
  ... when != vma aop E
- page_remove_rmap(page, true)
+ hugetlb_remove_rmap(page_folio(page))
  ;
  ...
  } else S

// "compound" is true for a hugetlb page, and for no other. The call that is only this gets a name
// of its own, too.
@@
expression page, head;
@@
- page_remove_rmap
+ page_remove_rmap_if_huge
  (page, PageHuge(head));

@ huge_if @
expression cond;
statement S;
position p;
@@
(
  if (cond)
  page_remove_rmap_if_huge@p(...);
|
  if (cond)
  page_remove_rmap_if_huge@p(...);
  else S
)

@ huge_else @
expression cond;
statement S;
position p;
@@
  if (cond) S
  else
  page_remove_rmap_if_huge@p(...);

@ huge_loop @
expression cond, step, E;
iterator loop;
type T;
identifier i;
position p;
@@
(
  while (cond)
  page_remove_rmap_if_huge@p(...);
|
  for (...; ...; ...)
  page_remove_rmap_if_huge@p(...);
|
  for (T i = E; cond; step)
  page_remove_rmap_if_huge@p(...);
|
  loop(...)
  page_remove_rmap_if_huge@p(...);
)

@@
expression page, head;
symbol false;
position p != { huge_if.p, huge_else.p, huge_loop.p };
@@
- page_remove_rmap_if_huge@p(page, PageHuge(head));
+ if (PageHuge(head))
+	hugetlb_remove_rmap(page_folio(page));
+ else
+	page_remove_rmap(page, false);

@@ @@
- page_remove_rmap_if_huge
+ page_remove_rmap
  (...)
