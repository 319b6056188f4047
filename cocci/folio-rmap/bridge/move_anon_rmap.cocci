// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: give a page to a mapping by page_move_anon_rmap()
 *
 * Linux 6.1 sets the exclusive mark of the page that it is given, so the page must
 * be told: a folio alone is left.
 * ---
 * Bridge: folio_move_anon_rmap -> page_move_anon_rmap/2
 */
@@
expression P, V;
@@
- folio_move_anon_rmap(page_folio(P), V)
+ page_move_anon_rmap(P, V)
