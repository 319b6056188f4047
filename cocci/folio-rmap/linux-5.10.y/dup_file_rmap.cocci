// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_dup_rmap() callers that have file pages
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:16:00 +0000
 *
 * page_dup_rmap() is for anonymous pages and for those of a file on this
 * kernel. Where the code has found the page not to be anonymous, convert it
 * to folio_dup_file_rmap_pte() or folio_dup_file_rmap_pmd(), by what it
 * passes as "compound". True stands for a PMD mapping, though nobody has such
 * a one to duplicate: hugetlb says it as well, but was converted before, and
 * where a function names anything of hugetlb still, nothing but a plain false
 * is taken.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Needs: page_dup_rmap
 */

// In all rules: the page is a variable, so that naming it twice does nothing, and it is the one
// that was asked about.

// What is not anonymous is what stands behind "else" ...
@@
identifier page;
expression E;
assignment operator aop;
symbol false;
statement S;
@@
  if (PageAnon(page)) S
  else {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap(page, false);
+ folio_dup_file_rmap_pte(page_folio(page), page);
  ...
  }

// ... whether there is a page at all or not ...
@@
identifier page;
expression E;
assignment operator aop;
symbol false;
statement S;
@@
  if (page && PageAnon(page)) S
  else if (page) {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap(page, false);
+ folio_dup_file_rmap_pte(page_folio(page), page);
  ...
  }

// ... or what the condition says itself.
@@
identifier page;
expression E;
assignment operator aop;
symbol false;
@@
  if (\( !PageAnon(page) \| page && !PageAnon(page) \)) {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap(page, false);
+ folio_dup_file_rmap_pte(page_folio(page), page);
  ...
  }

// hugetlb says true as well, and is mapped by no PMD: hugetlb.cocci takes it. What that has left
// is for a reader: in a function that names anything of hugetlb nothing but a plain false is
// taken.
@ names_hugetlb exists @
identifier fn;
identifier a =~ "hugetlb", b =~ "HUGETLB", c =~ "hstate", d =~ "huge_pte", e =~ "^huge_page_";
identifier g =~ "^PageHuge$", h =~ "^PageHeadHuge$", i =~ "^is_file_hugepages$";
position f;
@@
  fn@f(...)
  {
  <+...
  \( a \| b \| c \| d \| e \| g \| h \| i \)
  ...+>
  }

@ has_hstate exists @
identifier fn, h;
expression E;
position f;
@@
  fn@f(...)
  {
  <+...
(
  struct hstate *h;
|
  struct hstate *h = E;
)
  ...+>
  }

@ takes_hstate @
identifier fn, h;
position f;
@@
  fn@f(..., struct hstate *h, ...) { ... }

// What the rules below may change gets a name of its own until they have run.
@@
identifier fn;
position f != { names_hugetlb.f, has_hstate.f, takes_hstate.f };
@@
  fn@f(...)
  {
  <...
- page_dup_rmap
+ page_dup_rmap_of
  (...)
  ...>
  }

@@
identifier page;
expression E;
assignment operator aop;
symbol true;
statement S;
@@
  if (PageAnon(page)) S
  else {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap_of(page, true);
+ folio_dup_file_rmap_pmd(page_folio(page), page);
  ...
  }

@@
identifier page;
expression E;
assignment operator aop;
symbol true;
statement S;
@@
  if (page && PageAnon(page)) S
  else if (page) {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap_of(page, true);
+ folio_dup_file_rmap_pmd(page_folio(page), page);
  ...
  }

@@
identifier page;
expression E;
assignment operator aop;
symbol true;
@@
  if (\( !PageAnon(page) \| page && !PageAnon(page) \)) {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap_of(page, true);
+ folio_dup_file_rmap_pmd(page_folio(page), page);
  ...
  }

// The rest has its old name again.
@@ @@
- page_dup_rmap_of
+ page_dup_rmap
  (...)
