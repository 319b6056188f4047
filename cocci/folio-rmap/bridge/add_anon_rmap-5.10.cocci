// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: map anonymous pages by page_add_anon_rmap() without flags
 *
 * Linux 5.10 tells the level by an argument and has no folio to hand over.
 * Its pages have no exclusive mark either, so only RMAP_NONE is understood.
 * ---
 * Bridge: folio_add_anon_rmap_pte -> page_add_anon_rmap/4
 * Bridge: folio_add_anon_rmap_pmd -> page_add_anon_rmap/4
 * Bridge-check: !RMAP_COMPOUND
 */
@@
expression F, P, V, A;
@@
(
- folio_add_anon_rmap_pte(F, P, V, A, RMAP_NONE)
+ page_add_anon_rmap(P, V, A, false)
|
- folio_add_anon_rmap_pmd(F, P, V, A, RMAP_NONE)
+ page_add_anon_rmap(P, V, A, true)
)
