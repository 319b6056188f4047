// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: map pages of files by page_add_file_rmap()
 *
 * Linux 6.1 tells the level by an argument; the folio is the page's own.
 * ---
 * Bridge: folio_add_file_rmap_pte -> page_add_file_rmap/3
 * Bridge: folio_add_file_rmap_pmd -> page_add_file_rmap/3
 */
@@
expression F, P, V;
@@
(
- folio_add_file_rmap_pte(F, P, V)
+ page_add_file_rmap(P, V, false)
|
- folio_add_file_rmap_pmd(F, P, V)
+ page_add_file_rmap(P, V, true)
)
