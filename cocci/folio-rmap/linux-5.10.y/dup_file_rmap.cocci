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
 * a one to duplicate: hugetlb says it as well, but was converted before.
 *
 * No functional change intended.
 *
 * Based on commit d8ef5e311d7b by David Hildenbrand, which converted this
 * caller. The id is from a published list and was not checked in a
 * repository.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Needs: page_dup_rmap
 * Expect-apart: folio_dup_file_rmap_pmd hugetlb Hugetlb HUGETLB hstate huge_pte hugepage_add
 * Expect-apart: folio_dup_file_rmap_pmd per_huge_page huge_page_size huge_page_order
 * Expect-apart: folio_dup_file_rmap_pmd huge_page_mask huge_page_shift PageHuge HPage
 * Expect-apart: folio_dup_file_rmap_pmd alloc_huge_page free_huge_page huge_pmd_share
 * Expect-apart: folio_dup_file_rmap_pmd huge_pmd_unshare is_file_hugepages
 * Expect-beside: folio_dup_file_rmap_pmd pmd_t pmdp_ set_pmd HPAGE_PMD
 * Expect-beside: folio_dup_file_rmap_pmd pmd_lock pmd_trans_huge pmd_huge_pte
 */

// Calls within functions get a name of their own until the rules have run: a macro names what it
// is given.
@@
identifier fn;
@@
  fn(...)
  {
  <...
- page_dup_rmap
+ page_dup_rmap_plain
  (...)
  ...>
  }

// In all rules: the page is a variable, so that naming it twice does nothing, and it is the one
// that was asked about. What is not anonymous is what stands behind "else", whether there is a
// page at all or not, or what the condition says itself.
@@
identifier page;
expression E;
assignment operator aop;
symbol true, false;
statement S;
@@
  if (PageAnon(page)) S
  else {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap_plain(page, false);
+ folio_dup_file_rmap_pte(page_folio(page), page);
  ...
  }

@@
identifier page;
expression E;
assignment operator aop;
symbol true, false;
statement S;
@@
  if (page && PageAnon(page)) S
  else if (page) {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap_plain(page, false);
+ folio_dup_file_rmap_pte(page_folio(page), page);
  ...
  }

@@
identifier page;
expression E;
assignment operator aop;
symbol true, false;
@@
  if (\( !PageAnon(page) \| page && !PageAnon(page) \)) {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap_plain(page, false);
+ folio_dup_file_rmap_pte(page_folio(page), page);
  ...
  }

@@
identifier page;
expression E;
assignment operator aop;
symbol true, false;
statement S;
@@
  if (PageAnon(page)) S
  else {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap_plain(page, true);
+ folio_dup_file_rmap_pmd(page_folio(page), page);
  ...
  }

@@
identifier page;
expression E;
assignment operator aop;
symbol true, false;
statement S;
@@
  if (page && PageAnon(page)) S
  else if (page) {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap_plain(page, true);
+ folio_dup_file_rmap_pmd(page_folio(page), page);
  ...
  }

@@
identifier page;
expression E;
assignment operator aop;
symbol true, false;
@@
  if (\( !PageAnon(page) \| page && !PageAnon(page) \)) {
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap_plain(page, true);
+ folio_dup_file_rmap_pmd(page_folio(page), page);
  ...
  }

// The rest has its old name again.
@@ @@
- page_dup_rmap_plain
+ page_dup_rmap
  (...)
