// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: remove mappings by page_remove_rmap() without a vma
 *
 * Linux 5.10 tells the level by an argument and has no folio to hand over.
 * ---
 * Bridge: folio_remove_rmap_pte -> page_remove_rmap/2
 * Bridge: folio_remove_rmap_ptes -> page_remove_rmap/2
 * Bridge: folio_remove_rmap_pmd -> page_remove_rmap/2
 */
@@
expression F, P, V;
@@
(
- folio_remove_rmap_pte(F, P, V)
+ page_remove_rmap(P, false)
|
- folio_remove_rmap_ptes(F, P, 1, V)
+ page_remove_rmap(P, false)
|
- folio_remove_rmap_pmd(F, P, V)
+ page_remove_rmap(P, true)
)
