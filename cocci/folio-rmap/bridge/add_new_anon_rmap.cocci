// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: map new anonymous pages by page_add_new_anon_rmap()
 *
 * Linux 6.1 takes the page and no flags: a new page is exclusive there.
 * ---
 * Bridge: folio_add_new_anon_rmap -> page_add_new_anon_rmap/3
 * Bridge-check: folio_lock/1
 */
@@
expression F, P, V, A;
@@
(
- folio_add_new_anon_rmap(page_folio(P), V, A, RMAP_EXCLUSIVE)
+ page_add_new_anon_rmap(P, V, A)
|
- folio_add_new_anon_rmap(F, V, A, RMAP_EXCLUSIVE)
+ page_add_new_anon_rmap(&F->page, V, A)
|
- folio_add_new_anon_rmap(F, V, A)
+ page_add_new_anon_rmap(&F->page, V, A)
)
