// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_add_new_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:09:00 +0000
 *
 * Convert the callers of page_add_new_anon_rmap() to
 * folio_add_new_anon_rmap(). The new folio itself tells whether it is mapped
 * by a PMD or by a PTE, as the page did.
 *
 * No functional change intended.
 *
 * Upstream has folio_add_new_anon_rmap() since v6.6; the id of that commit
 * was not looked up.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_add_new_anon_rmap
 * Present-if: mm/memory.c lacks page_add_new_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_add_new_anon_rmap
 * Expect-none: page_add_new_anon_rmap
 */

@@
expression page, vma, addr;
@@
- page_add_new_anon_rmap(page, vma, addr)
+ folio_add_new_anon_rmap(page_folio(page), vma, addr)
