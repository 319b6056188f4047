// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: ask page_try_share_anon_rmap() for the mark
 *
 * Linux 6.1 takes the page alone, at any level.
 * ---
 * Bridge: folio_try_share_anon_rmap_pte -> page_try_share_anon_rmap/1
 * Bridge: folio_try_share_anon_rmap_pmd -> page_try_share_anon_rmap/1
 * Bridge: hugetlb_try_share_anon_rmap -> page_try_share_anon_rmap/1
 */
@@
expression F, P;
@@
(
- folio_try_share_anon_rmap_pte(F, P)
+ page_try_share_anon_rmap(P)
|
- folio_try_share_anon_rmap_pmd(F, P)
+ page_try_share_anon_rmap(P)
|
- hugetlb_try_share_anon_rmap(page_folio(P))
+ page_try_share_anon_rmap(P)
|
- hugetlb_try_share_anon_rmap(F)
+ page_try_share_anon_rmap(&F->page)
)
