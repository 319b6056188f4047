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
 * of the file: hugepage_add_anon_rmap() and hugepage_add_new_anon_rmap() are
 * for hugetlb pages only, and so is the other arm of the condition that they
 * stand in; a function that has an hstate deals with nothing else.
 *
 * try_to_unmap_one() and try_to_migrate_one() have pages of either kind. They
 * ask for folio_test_hugetlb() already, so they get a branch for each.
 *
 * page_move_anon_rmap() does not look at the mapcount and stays for a later
 * patch.
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
 * Present-if: mm/hugetlb.c lacks page_dup_file_rmap
 * Present-if: mm/hugetlb.c lacks page_remove_rmap
 * Present-if: mm/migrate.c lacks hugepage_add_anon_rmap
 * Needs: hugepage_add_anon_rmap
 * Needs: hugepage_add_new_anon_rmap
 * Needs: page_dup_file_rmap
 * Needs: page_try_dup_anon_rmap
 * Needs: page_remove_rmap
 * Needs: page_try_share_anon_rmap
 * Expect-none: hugepage_add_anon_rmap
 * Expect-none: hugepage_add_new_anon_rmap
 */
// Some kernels hand these the page, some the folio, and nothing but the type of the argument tells.
@@
struct page *one;
struct folio *folio;
expression other, vma, addr, flags;
@@
(
- hugepage_add_anon_rmap(&folio->page, vma, addr, flags)
+ hugetlb_add_anon_rmap(folio, vma, addr, flags)
|
- hugepage_add_anon_rmap(folio, vma, addr, flags)
+ hugetlb_add_anon_rmap(folio, vma, addr, flags)
|
- hugepage_add_anon_rmap(page_folio(other), vma, addr, flags)
+ hugetlb_add_anon_rmap(page_folio(other), vma, addr, flags)
|
- hugepage_add_anon_rmap(one, vma, addr, flags)
+ hugetlb_add_anon_rmap(page_folio(one), vma, addr, flags)
|
- hugepage_add_new_anon_rmap(&folio->page, vma, addr)
+ hugetlb_add_new_anon_rmap(folio, vma, addr)
|
- hugepage_add_new_anon_rmap(folio, vma, addr)
+ hugetlb_add_new_anon_rmap(folio, vma, addr)
|
- hugepage_add_new_anon_rmap(page_folio(other), vma, addr)
+ hugetlb_add_new_anon_rmap(page_folio(other), vma, addr)
|
- hugepage_add_new_anon_rmap(one, vma, addr)
+ hugetlb_add_new_anon_rmap(page_folio(one), vma, addr)
)

// The arms that belong together: one adds an anonymous page, so the other has
// a page of a file of the same kind, whether it was mapped before or not.
@ beside_anon_first @
identifier add = { hugetlb_add_anon_rmap, hugetlb_add_new_anon_rmap };
expression page, cond;
symbol true;
@@
  if (cond)
  {
  ...
  add(...);
  ...
  }
  else
- page_dup_file_rmap(page, true);
+ hugetlb_add_file_rmap(page_folio(page));

@ beside_anon_single @
identifier add = { hugetlb_add_anon_rmap, hugetlb_add_new_anon_rmap };
expression page, cond;
symbol true;
@@
  if (cond)
  add(...);
  else
- page_dup_file_rmap(page, true);
+ hugetlb_add_file_rmap(page_folio(page));

@ beside_anon_second @
identifier add = { hugetlb_add_anon_rmap, hugetlb_add_new_anon_rmap };
expression page, cond;
symbol true;
@@
  if (cond) {
  ...
- page_dup_file_rmap(page, true);
+ hugetlb_add_file_rmap(page_folio(page));
  ...
  } else {
  ...
  add(...);
  ...
  }

// Only hugetlb has an hstate. Who gets it on every way, and not only where the mapping turns
// out to be hugetlb's, has no other mappings. But it may be NULL, where the function does anything
// else with it than use it. Positions do not outlive a change of the file, so that is looked for
// three times.
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
identifier fn, h, get = { hstate_vma, hstate_file, hstate_inode };
expression page, vma;
symbol true;
@@
  fn@f(...)
  {
  ... when strict
  struct hstate *h = get(...);
  <...
(
- page_dup_file_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
|
- page_try_dup_anon_rmap(page, true, vma)
+ hugetlb_try_dup_anon_rmap(page_folio(page), vma)
|
- page_remove_rmap(page, vma, true)
+ hugetlb_remove_rmap(page_folio(page))
)
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
identifier fn, h, get = { hstate_vma, hstate_file, hstate_inode };
expression page, vma;
symbol true;
@@
  fn@f(...)
  {
  ... when strict
  struct hstate *h;
  ... when strict
  h = get(...);
  <...
(
- page_dup_file_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
|
- page_try_dup_anon_rmap(page, true, vma)
+ hugetlb_try_dup_anon_rmap(page_folio(page), vma)
|
- page_remove_rmap(page, vma, true)
+ hugetlb_remove_rmap(page_folio(page))
)
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
identifier fn, h;
expression page, vma;
symbol true;
position f != asks3.f;
@@
  fn@f(..., struct hstate *h, ...)
  {
  <...
(
- page_dup_file_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
|
- page_try_dup_anon_rmap(page, true, vma)
+ hugetlb_try_dup_anon_rmap(page_folio(page), vma)
|
- page_remove_rmap(page, vma, true)
+ hugetlb_remove_rmap(page_folio(page))
)
  ...>
  }

// Who asks for this page or this area knows as well.
@@
identifier page;
expression vma, E;
assignment operator aop;
symbol true;
@@
  if (PageHuge(page)) {
  <... when != page aop E
       when != \( page++ \| page-- \| ++page \| --page \| &page \)
(
- page_dup_file_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
|
- page_try_dup_anon_rmap(page, true, vma)
+ hugetlb_try_dup_anon_rmap(page_folio(page), vma)
|
- page_remove_rmap(page, vma, true)
+ hugetlb_remove_rmap(page_folio(page))
)
  ...>
  }

@@
identifier page;
expression vma, E;
assignment operator aop;
symbol true;
statement S;
@@
  if (PageHuge(page)) {
  <... when != page aop E
       when != \( page++ \| page-- \| ++page \| --page \| &page \)
(
- page_dup_file_rmap(page, true)
+ hugetlb_add_file_rmap(page_folio(page))
|
- page_try_dup_anon_rmap(page, true, vma)
+ hugetlb_try_dup_anon_rmap(page_folio(page), vma)
|
- page_remove_rmap(page, vma, true)
+ hugetlb_remove_rmap(page_folio(page))
)
  ...>
  } else S

@@
identifier vma;
expression page, E;
assignment operator aop;
symbol true;
@@
  if (is_vm_hugetlb_page(vma)) {
  <... when != vma aop E
(
- page_try_dup_anon_rmap(page, true, vma)
+ hugetlb_try_dup_anon_rmap(page_folio(page), vma)
|
- page_remove_rmap(page, vma, true)
+ hugetlb_remove_rmap(page_folio(page))
)
  ...>
  }

@@
identifier vma;
expression page, E;
assignment operator aop;
symbol true;
statement S;
@@
  if (is_vm_hugetlb_page(vma)) {
  <... when != vma aop E
(
- page_try_dup_anon_rmap(page, true, vma)
+ hugetlb_try_dup_anon_rmap(page_folio(page), vma)
|
- page_remove_rmap(page, vma, true)
+ hugetlb_remove_rmap(page_folio(page))
)
  ...>
  } else S

// "compound" is true for what is of hugetlb, and for nothing else. A call that is all of an arm
// or of a loop gets braces first.
@@
expression page, vma, E, cond;
statement S;
@@
  if (cond)
+ {
  page_remove_rmap(page, vma, \(folio_test_hugetlb(E)\|PageHuge(E)\));
+ }
  else S

@@
expression page, vma, E, cond;
statement S;
@@
  if (cond) S
  else
+ {
  page_remove_rmap(page, vma, \(folio_test_hugetlb(E)\|PageHuge(E)\));
+ }

@@
expression page, vma, E, cond;
@@
  if (cond)
+ {
  page_remove_rmap(page, vma, \(folio_test_hugetlb(E)\|PageHuge(E)\));
+ }

@@
expression page, vma, E, cond;
@@
  while (cond)
+ {
  page_remove_rmap(page, vma, \(folio_test_hugetlb(E)\|PageHuge(E)\));
+ }

@@
expression page, vma, E, start, cond, step;
@@
  for (start; cond; step)
+ {
  page_remove_rmap(page, vma, \(folio_test_hugetlb(E)\|PageHuge(E)\));
+ }

@@
expression page, vma, E, start, cond, step;
type T;
identifier i;
@@
  for (T i = start; cond; step)
+ {
  page_remove_rmap(page, vma, \(folio_test_hugetlb(E)\|PageHuge(E)\));
+ }

@@
expression page, vma, E;
iterator loop;
@@
  loop(...)
+ {
  page_remove_rmap(page, vma, \(folio_test_hugetlb(E)\|PageHuge(E)\));
+ }

@@
expression page, vma, E, asked;
symbol false;
@@
- page_remove_rmap(page, vma, \(folio_test_hugetlb(E)@asked\|PageHuge(E)@asked\));
+ if (asked)
+	hugetlb_remove_rmap(page_folio(page));
+ else
+	page_remove_rmap(page, vma, false);

// Who asks what the folio is once sharing has failed has folios of both kinds.
@@
expression page, cond;
identifier folio;
@@
  if (cond &&
-     page_try_share_anon_rmap(page)
+     (folio_test_hugetlb(folio) ?
+      hugetlb_try_share_anon_rmap(page_folio(page)) :
+      page_try_share_anon_rmap(page))
    ) {
  if (folio_test_hugetlb(folio)) { ... } else { ... }
  ...
  }
