// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: map anonymous pages by page_add_anon_rmap()
 *
 * Linux 6.1 tells the level by an argument; the folio is the page's own.
 * ---
 * Bridge: folio_add_anon_rmap_pte -> page_add_anon_rmap/4
 * Bridge: folio_add_anon_rmap_pmd -> page_add_anon_rmap/4
 * Bridge-check: RMAP_COMPOUND
 */
@@
expression F, P, V, A, G;
@@
(
- folio_add_anon_rmap_pte(F, P, V, A, G)
+ page_add_anon_rmap(P, V, A, G)
|
- folio_add_anon_rmap_pmd(F, P, V, A, RMAP_NONE)
+ page_add_anon_rmap(P, V, A, RMAP_COMPOUND)
|
- folio_add_anon_rmap_pmd(F, P, V, A, G)
+ page_add_anon_rmap(P, V, A, RMAP_COMPOUND | G)
)
