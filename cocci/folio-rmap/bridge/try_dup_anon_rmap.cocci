// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: ask page_try_dup_anon_rmap() for another mapping
 *
 * Linux 6.1 tells the level by an argument; the folio is the page's own.
 * ---
 * Bridge: folio_try_dup_anon_rmap_pte -> page_try_dup_anon_rmap/3
 * Bridge: folio_try_dup_anon_rmap_pmd -> page_try_dup_anon_rmap/3
 */
@@
expression F, P, V;
@@
(
- folio_try_dup_anon_rmap_pte(F, P, V)
+ page_try_dup_anon_rmap(P, false, V)
|
- folio_try_dup_anon_rmap_pmd(F, P, V)
+ page_try_dup_anon_rmap(P, true, V)
)
