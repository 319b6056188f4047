// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_dup_rmap() callers that have anonymous pages
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:18:00 +0000
 *
 * Convert the callers of page_dup_rmap() that have anonymous pages to
 * folio_try_dup_anon_rmap_pte() and folio_try_dup_anon_rmap_pmd().
 *
 * Present pages were tested with folio_needs_cow_for_dma() first. The new
 * functions do that themselves, so the test, the reference and the mapping
 * become one step that can fail, which hardly ever happens and is marked
 * unlikely(). The reference is taken first and dropped when it fails: between
 * the two there must never be fewer references than mappings, as others who
 * compare them would take a page for unused by anybody else. What is
 * converted leaves where it fails: a caller that went on would have neither.
 *
 * fork()'s rule for pinned pages is as strong as it was: the same conditions
 * are tested, under the same locks, and nothing that was copied or split is
 * shared now. In one respect it is stricter by one: where pins are guessed
 * from the refcount, which is so for single pages, the reference that fork()
 * has just taken is part of it. So a page that has not been pinned, but has
 * 1023 other references, is copied; with 1024 of them it was before. False
 * positives like that were always allowed. The pins of a THP are counted
 * exactly, so nothing changes for it.
 *
 * Device-private pages are anonymous on this kernel, they are never asked
 * about, and folio_try_dup_anon_rmap_pte() cannot fail for them. A mapping
 * that nobody counted must not pass unseen, so warn if it does.
 *
 * True stands for a PMD mapping.
 *
 * No functional change intended otherwise.
 *
 * Based on commits 96c772c25c89 and 08e7795e2444 by David Hildenbrand, which
 * converted these callers. The ids are from a published list and were not
 * checked in a repository.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_try_dup_anon_rmap_pte
 * Present-if: mm/memory.c lacks page_dup_rmap
 * Present-if: mm/huge_memory.c lacks page_dup_rmap
 * Expect-none: page_dup_rmap
 * Needs: page_dup_rmap
 * Expect-apart: folio_try_dup_anon_rmap_pmd hugetlb Hugetlb HUGETLB hstate huge_pte
 * Expect-apart: folio_try_dup_anon_rmap_pmd hugepage_add per_huge_page huge_page_size
 * Expect-apart: folio_try_dup_anon_rmap_pmd huge_page_order huge_page_mask huge_page_shift
 * Expect-apart: folio_try_dup_anon_rmap_pmd PageHuge HPage alloc_huge_page free_huge_page
 * Expect-apart: folio_try_dup_anon_rmap_pmd huge_pmd_share huge_pmd_unshare is_file_hugepages
 * Expect-beside: folio_try_dup_anon_rmap_pmd pmd_t pmdp_ set_pmd HPAGE_PMD
 * Expect-beside: folio_try_dup_anon_rmap_pmd pmd_lock pmd_trans_huge pmd_huge_pte
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

// The check for pins, the reference and the mapping are one thing now. Take the reference first:
// there are never to be fewer of them than mappings. What is refused must leave, as it has
// neither. The comment on what is left with stays in front.
@@
identifier page, vma, folio, l;
expression E;
symbol true, false;
@@
  folio = page_folio(page);
+ get_page(page);
  if (
-	folio_needs_cow_for_dma(vma, folio)
+	unlikely(folio_try_dup_anon_rmap_pte(folio, page, vma))
  ) {
(
+	put_page(page);
  return E;
|
+	put_page(page);
  return;
|
+	put_page(page);
  goto l;
|
+	put_page(page);
  continue;
|
+	put_page(page);
  break;
)
  }
  get_page(page);
- page_dup_rmap_plain
+ page_dup_rmap_done
  (page, false);

@@
identifier page, vma, folio, l;
expression E;
symbol true, false;
@@
  folio = page_folio(page);
+ get_page(page);
  if (unlikely(
-	folio_needs_cow_for_dma(vma, folio)
+	folio_try_dup_anon_rmap_pte(folio, page, vma)
  )) {
(
+	put_page(page);
  return E;
|
+	put_page(page);
  return;
|
+	put_page(page);
  goto l;
|
+	put_page(page);
  continue;
|
+	put_page(page);
  break;
)
  }
  get_page(page);
- page_dup_rmap_plain
+ page_dup_rmap_done
  (page, false);

@@
identifier page, vma, folio, l;
expression E;
symbol true, false;
@@
  folio = page_folio(page);
+ get_page(page);
  if (
-	folio_needs_cow_for_dma(vma, folio)
+	unlikely(folio_try_dup_anon_rmap_pte(folio, page, vma))
  ) {
+	put_page(page);
	...
(
  return E;
|
  return;
|
  goto l;
|
  continue;
|
  break;
)
  }
  get_page(page);
- page_dup_rmap_plain
+ page_dup_rmap_done
  (page, false);

@@
identifier page, vma, folio, l;
expression E;
symbol true, false;
@@
  folio = page_folio(page);
+ get_page(page);
  if (unlikely(
-	folio_needs_cow_for_dma(vma, folio)
+	folio_try_dup_anon_rmap_pte(folio, page, vma)
  )) {
+	put_page(page);
	...
(
  return E;
|
  return;
|
  goto l;
|
  continue;
|
  break;
)
  }
  get_page(page);
- page_dup_rmap_plain
+ page_dup_rmap_done
  (page, false);

@@
identifier page, vma, folio, l;
expression E;
symbol true, false;
@@
  folio = page_folio(page);
+ get_page(page);
  if (
-	folio_needs_cow_for_dma(vma, folio)
+	unlikely(folio_try_dup_anon_rmap_pmd(folio, page, vma))
  ) {
(
+	put_page(page);
  return E;
|
+	put_page(page);
  return;
|
+	put_page(page);
  goto l;
|
+	put_page(page);
  continue;
|
+	put_page(page);
  break;
)
  }
  get_page(page);
- page_dup_rmap_plain
+ page_dup_rmap_done
  (page, true);

@@
identifier page, vma, folio, l;
expression E;
symbol true, false;
@@
  folio = page_folio(page);
+ get_page(page);
  if (unlikely(
-	folio_needs_cow_for_dma(vma, folio)
+	folio_try_dup_anon_rmap_pmd(folio, page, vma)
  )) {
(
+	put_page(page);
  return E;
|
+	put_page(page);
  return;
|
+	put_page(page);
  goto l;
|
+	put_page(page);
  continue;
|
+	put_page(page);
  break;
)
  }
  get_page(page);
- page_dup_rmap_plain
+ page_dup_rmap_done
  (page, true);

@@
identifier page, vma, folio, l;
expression E;
symbol true, false;
@@
  folio = page_folio(page);
+ get_page(page);
  if (
-	folio_needs_cow_for_dma(vma, folio)
+	unlikely(folio_try_dup_anon_rmap_pmd(folio, page, vma))
  ) {
+	put_page(page);
	...
(
  return E;
|
  return;
|
  goto l;
|
  continue;
|
  break;
)
  }
  get_page(page);
- page_dup_rmap_plain
+ page_dup_rmap_done
  (page, true);

@@
identifier page, vma, folio, l;
expression E;
symbol true, false;
@@
  folio = page_folio(page);
+ get_page(page);
  if (unlikely(
-	folio_needs_cow_for_dma(vma, folio)
+	folio_try_dup_anon_rmap_pmd(folio, page, vma)
  )) {
+	put_page(page);
	...
(
  return E;
|
  return;
|
  goto l;
|
  continue;
|
  break;
)
  }
  get_page(page);
- page_dup_rmap_plain
+ page_dup_rmap_done
  (page, true);

// Both are done. A call behind them is written anew: the empty line in front of them then stays in
// front of it, whichever spatch it is.
@@
identifier page, f;
@@
- get_page(page);
- page_dup_rmap_done(page, ...);
- f
+ f
  (...);

@@
identifier page;
@@
- get_page(page);
- page_dup_rmap_done(page, ...);

// Device-private pages are anonymous on this kernel.
@@
identifier fn, page;
expression entry, E;
assignment operator aop;
symbol src_vma, false;
@@
  fn(..., struct vm_area_struct *src_vma, ...)
  {
  <...
  page = device_private_entry_to_page(entry);
  ... when != page aop E
      when != \( page++ \| page-- \| ++page \| --page \| &page \)
- page_dup_rmap_plain(page, false);
+ /* Such a page cannot be pinned, so this cannot fail. */
+ WARN_ON_ONCE(folio_try_dup_anon_rmap_pte(page_folio(page), page, src_vma));
  ...>
  }

// The rest has its old name again.
@@ @@
- page_dup_rmap_plain
+ page_dup_rmap
  (...)
