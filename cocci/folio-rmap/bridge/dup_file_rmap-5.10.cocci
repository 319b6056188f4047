// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: map pages of files once more by page_dup_rmap()
 *
 * Linux 5.10 tells the level by an argument and has no folio to hand over.
 * ---
 * Bridge: folio_dup_file_rmap_pte -> page_dup_rmap/2
 * Bridge: folio_dup_file_rmap_pmd -> page_dup_rmap/2
 */
@@
expression F, P;
@@
(
- folio_dup_file_rmap_pte(F, P)
+ page_dup_rmap(P, false)
|
- folio_dup_file_rmap_pmd(F, P)
+ page_dup_rmap(P, true)
)
