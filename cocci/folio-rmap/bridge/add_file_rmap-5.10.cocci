// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: map pages of files by page_add_file_rmap() without a vma
 *
 * Linux 5.10 tells the level by an argument and has no folio to hand over.
 * ---
 * Bridge: folio_add_file_rmap_pte -> page_add_file_rmap/2
 * Bridge: folio_add_file_rmap_pmd -> page_add_file_rmap/2
 */
@@
expression F, P, V;
@@
(
- folio_add_file_rmap_pte(F, P, V)
+ page_add_file_rmap(P, false)
|
- folio_add_file_rmap_pmd(F, P, V)
+ page_add_file_rmap(P, true)
)
