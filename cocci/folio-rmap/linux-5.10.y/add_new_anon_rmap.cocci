// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_add_new_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:09:00 +0000
 *
 * folio_add_new_anon_rmap() finds out itself whether the folio is a THP, so
 * "compound" goes. That is the same: a caller that passed true had a THP at
 * hand, which is mapped by a PMD when it is new, and one that passed false
 * had a page that is part of none. page_add_new_anon_rmap() always insisted
 * on either.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_add_new_anon_rmap
 * Present-if: mm/memory.c lacks page_add_new_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_add_new_anon_rmap
 * Present-if: kernel/events/uprobes.c lacks page_add_new_anon_rmap
 * Expect-none: page_add_new_anon_rmap
 * Needs: page_add_new_anon_rmap
 */

@@
expression page, vma, addr;
symbol true, false;
bool compound;
@@
- page_add_new_anon_rmap(page, vma, addr, \( true \| false \| 0 \| 1 \| compound \))
+ folio_add_new_anon_rmap(page_folio(page), vma, addr)
