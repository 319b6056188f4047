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
 * of the file: a function that has an hstate deals with nothing else,
 * hugepage_add_anon_rmap() and hugepage_add_new_anon_rmap() are for hugetlb
 * pages only, and so is what stands in the other arm of the same condition.
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
// duplicates a mapping with "compound" set, cannot but have a page of a file.
@ beside_anon_first @
expression cond, page, vma, addr;
symbol true, false;
@@
  if (cond) {
  ...
(
- hugepage_add_anon_rmap(page, vma, addr);
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE);
|
- hugepage_add_new_anon_rmap(page, vma, addr);
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr);
)
  ...
  } else {
  ...
- page_dup_rmap(page, true);
+ hugetlb_add_file_rmap(page_folio(page));
  ...
  }

@ beside_anon_second @
expression cond, page, vma, addr;
symbol true, false;
@@
  if (cond) {
  ...
- page_dup_rmap(page, true);
+ hugetlb_add_file_rmap(page_folio(page));
  ...
  } else {
  ...
(
- hugepage_add_anon_rmap(page, vma, addr);
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE);
|
- hugepage_add_new_anon_rmap(page, vma, addr);
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr);
)
  ...
  }

@@
expression page, vma, addr;
@@
(
- hugepage_add_anon_rmap(page, vma, addr);
+ hugetlb_add_anon_rmap(page_folio(page), vma, addr, RMAP_NONE);
|
- hugepage_add_new_anon_rmap(page, vma, addr);
+ hugetlb_add_new_anon_rmap(page_folio(page), vma, addr);
)

// One statement becomes an "if" with an "else": below another "if" it would need
// braces of its own.
@ bare @
identifier old = { page_dup_rmap, page_remove_rmap };
expression cond;
position p;
@@
  if (cond)
  old@p(...);

@ bare_else @
identifier old = { page_dup_rmap, page_remove_rmap };
expression cond;
statement S;
position p;
@@
  if (cond)
  old@p(...);
  else S

// Only hugetlb has an hstate. fork() duplicates whatever it finds there.
@@
identifier fn, vma, h;
expression page, E;
symbol true, false;
position p != { bare.p, bare_else.p };
@@
  fn(..., struct vm_area_struct *vma, ...)
  {
  ...
  struct hstate *h = E;
  <...
- page_dup_rmap@p(page, true);
+ if (PageAnon(page))
+	hugetlb_try_dup_anon_rmap(page_folio(page), vma);
+ else
+	hugetlb_add_file_rmap(page_folio(page));
  ...>
  }

@@
identifier fn, h;
expression page, E;
symbol true, false;
@@
  fn(...)
  {
  ...
  struct hstate *h = E;
  <...
- page_remove_rmap(page, true);
+ hugetlb_remove_rmap(page_folio(page));
  ...>
  }

// Who has asked whether it is one does not need an hstate.
@@
expression page;
symbol true, false;
@@
  if (PageHuge(page)) {
  ... when != page = ...
- page_remove_rmap(page, true);
+ hugetlb_remove_rmap(page_folio(page));
  ...
  }

// "compound" is true for a hugetlb page, and for no other.
@@
expression page, head;
position p != { bare.p, bare_else.p };
symbol true, false;
@@
- page_remove_rmap@p(page, PageHuge(head));
+ if (PageHuge(head))
+	hugetlb_remove_rmap(page_folio(page));
+ else
+	page_remove_rmap(page, false);
