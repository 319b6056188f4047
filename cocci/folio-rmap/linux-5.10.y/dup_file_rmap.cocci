// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_dup_rmap() callers that have file pages
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:16:00 +0000
 *
 * page_dup_rmap() is for anonymous pages and for those of a file on this
 * kernel. Where the code has found the page not to be anonymous, convert it
 * to folio_dup_file_rmap_pte() or folio_dup_file_rmap_pmd(), by what it
 * passes as "compound". hugetlb does not come here any more, so true stands
 * for a PMD mapping; nobody has such a one to duplicate.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Needs: page_dup_rmap
 */

// The page is named twice afterwards: it must do nothing when it is evaluated.
@ effects @
expression x, y;
identifier fn;
position p;
@@
  page_dup_rmap@p(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)

// What is not anonymous is what stands behind "else" ...
@@
expression page;
symbol true, false;
statement S;
position p != effects.p;
@@
  if (PageAnon(page)) S
  else {
  ... when != page = ...
(
- page_dup_rmap@p(page, false);
+ folio_dup_file_rmap_pte(page_folio(page), page);
|
- page_dup_rmap@p(page, true);
+ folio_dup_file_rmap_pmd(page_folio(page), page);
)
  ...
  }

// ... whether there is a page at all or not ...
@@
expression page;
symbol true, false;
statement S;
position p != effects.p;
@@
  if (page && PageAnon(page)) S
  else if (page) {
  ... when != page = ...
(
- page_dup_rmap@p(page, false);
+ folio_dup_file_rmap_pte(page_folio(page), page);
|
- page_dup_rmap@p(page, true);
+ folio_dup_file_rmap_pmd(page_folio(page), page);
)
  ...
  }

// ... or what the condition says itself.
@@
expression page;
symbol true, false;
position p != effects.p;
@@
  if (\( !PageAnon(page) \| page && !PageAnon(page) \)) {
  ... when != page = ...
(
- page_dup_rmap@p(page, false);
+ folio_dup_file_rmap_pte(page_folio(page), page);
|
- page_dup_rmap@p(page, true);
+ folio_dup_file_rmap_pmd(page_folio(page), page);
)
  ...
  }
