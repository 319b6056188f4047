// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/hugetlb: use the rmap functions of all pages
 *
 * Linux 6.1 has functions of hugetlb's own for anonymous pages only, and those
 * take the page.
 * ---
 * Bridge: hugetlb_add_anon_rmap -> hugepage_add_anon_rmap/4
 * Bridge: hugetlb_add_new_anon_rmap -> hugepage_add_new_anon_rmap/3
 * Bridge: hugetlb_add_file_rmap -> page_dup_file_rmap/2
 * Bridge: hugetlb_try_dup_anon_rmap -> page_try_dup_anon_rmap/3
 * Bridge: hugetlb_remove_rmap -> page_remove_rmap/3
 */
@@
expression F, P, V, A, G;
symbol vma;
@@
(
- hugetlb_add_anon_rmap(page_folio(P), V, A, G)
+ hugepage_add_anon_rmap(P, V, A, G)
|
- hugetlb_add_anon_rmap(F, V, A, G)
+ hugepage_add_anon_rmap(&F->page, V, A, G)
|
- hugetlb_add_new_anon_rmap(page_folio(P), V, A)
+ hugepage_add_new_anon_rmap(P, V, A)
|
- hugetlb_add_new_anon_rmap(F, V, A)
+ hugepage_add_new_anon_rmap(&F->page, V, A)
|
- hugetlb_add_file_rmap(page_folio(P))
+ page_dup_file_rmap(P, true)
|
- hugetlb_add_file_rmap(F)
+ page_dup_file_rmap(&F->page, true)
|
- hugetlb_try_dup_anon_rmap(page_folio(P), V)
+ page_try_dup_anon_rmap(P, true, V)
|
- hugetlb_try_dup_anon_rmap(F, V)
+ page_try_dup_anon_rmap(&F->page, true, V)
|
- hugetlb_remove_rmap(page_folio(P))
+ page_remove_rmap(P, vma, true)
|
- hugetlb_remove_rmap(F)
+ page_remove_rmap(&F->page, vma, true)
)
