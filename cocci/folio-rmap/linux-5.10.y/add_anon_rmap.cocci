// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_add_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:08:00 +0000
 *
 * Convert the callers of page_add_anon_rmap() to folio_add_anon_rmap_pte()
 * and folio_add_anon_rmap_pmd(), by what they pass as "compound". hugetlb
 * does not come here any more, so true stands for a PMD mapping.
 *
 * do_page_add_anon_rmap() takes flags instead on this kernel. Its only
 * caller, do_swap_page(), has them in a variable that never holds
 * RMAP_COMPOUND, so it adds a PTE mapping and passes RMAP_EXCLUSIVE on as it
 * did before.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_add_anon_rmap_pte
 * Present-if: mm/memory.c lacks do_page_add_anon_rmap
 * Present-if: mm/migrate.c lacks page_add_anon_rmap
 * Present-if: mm/swapfile.c lacks page_add_anon_rmap
 * Expect-none: page_add_anon_rmap
 * Expect-none: do_page_add_anon_rmap
 * Needs: page_add_anon_rmap
 * Needs: do_page_add_anon_rmap
 */

// The page is named twice afterwards: it must do nothing when it is evaluated.
@ effects @
expression x, y;
identifier fn;
identifier old = { page_add_anon_rmap, do_page_add_anon_rmap };
position p;
@@
  old@p(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)

@@
expression page, vma, addr;
symbol true, false;
position p != effects.p;
@@
(
- page_add_anon_rmap@p(page, vma, addr, \(false\|0\))
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, RMAP_NONE)
|
- page_add_anon_rmap@p(page, vma, addr, \(true\|1\))
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_NONE)
)

// One statement becomes an "if" with an "else": below another "if" it would need
// braces of its own.
@ bare @
expression cond;
position p;
@@
  if (cond)
  page_add_anon_rmap@p(...);

@ bare_else @
expression cond;
statement S;
position p;
@@
  if (cond)
  page_add_anon_rmap@p(...);
  else S

// What is known only when it runs is asked then.
@@
expression page, vma, addr;
bool compound;
position p != { effects.p, bare.p, bare_else.p };
@@
- page_add_anon_rmap@p(page, vma, addr, compound);
+ if (compound)
+	folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_NONE);
+ else
+	folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, RMAP_NONE);

// The flags are a constant ...
@@
expression page, vma, addr;
symbol RMAP_NONE, RMAP_EXCLUSIVE, RMAP_COMPOUND;
position p != effects.p;
@@
(
- do_page_add_anon_rmap@p(page, vma, addr, RMAP_COMPOUND)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_NONE)
|
- do_page_add_anon_rmap@p(page, vma, addr, RMAP_COMPOUND | RMAP_EXCLUSIVE)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_EXCLUSIVE)
|
- do_page_add_anon_rmap@p(page, vma, addr, RMAP_EXCLUSIVE | RMAP_COMPOUND)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_EXCLUSIVE)
|
- do_page_add_anon_rmap@p(page, vma, addr, RMAP_EXCLUSIVE)
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, RMAP_EXCLUSIVE)
|
- do_page_add_anon_rmap@p(page, vma, addr, RMAP_NONE)
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, RMAP_NONE)
)

// ... or a local variable in a function that says nothing of RMAP_COMPOUND.
@ says_compound exists @
identifier fn;
symbol RMAP_COMPOUND;
expression x;
position q;
@@
  fn(...)
  {
  ... when any
  \( x = <+... RMAP_COMPOUND ...+> \| x |= <+... RMAP_COMPOUND ...+> \)
  ... when any
  do_page_add_anon_rmap@q(...)
  ... when any
  }

@@
typedef rmap_t;
identifier fn, flags;
expression page, vma, addr;
symbol RMAP_NONE, RMAP_EXCLUSIVE;
position p != { effects.p, says_compound.q };
@@
  fn(...)
  {
  ...
  rmap_t flags = \( RMAP_NONE \| RMAP_EXCLUSIVE \);
  <...
- do_page_add_anon_rmap@p(page, vma, addr, flags)
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, flags)
  ...>
  }
