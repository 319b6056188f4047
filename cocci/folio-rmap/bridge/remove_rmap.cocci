// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: remove mappings by page_remove_rmap()
 *
 * Linux 6.1 tells the level by an argument; the folio is the page's own.
 * ---
 * Bridge: folio_remove_rmap_pte -> page_remove_rmap/3
 * Bridge: folio_remove_rmap_ptes -> page_remove_rmap/3
 * Bridge: folio_remove_rmap_pmd -> page_remove_rmap/3
 */
@@
expression F, P, V;
@@
(
- folio_remove_rmap_pte(F, P, V)
+ page_remove_rmap(P, V, false)
|
- folio_remove_rmap_ptes(F, P, 1, V)
+ page_remove_rmap(P, V, false)
|
- folio_remove_rmap_pmd(F, P, V)
+ page_remove_rmap(P, V, true)
)
