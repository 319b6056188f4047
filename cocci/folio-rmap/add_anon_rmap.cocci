// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_add_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:08:00 +0000
 *
 * Convert the callers of page_add_anon_rmap() to folio_add_anon_rmap_pte()
 * and folio_add_anon_rmap_pmd(), by whether RMAP_COMPOUND is in the flags
 * that they pass. A local variable tells by what it starts with, as long as
 * nothing but RMAP_EXCLUSIVE is added to it; of other flags, which are known
 * only when it runs, the caller asks. RMAP_COMPOUND itself is not passed on:
 * the name of the function says it.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_add_anon_rmap_pte
 * Present-if: mm/memory.c lacks page_add_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_add_anon_rmap
 * Needs: page_add_anon_rmap
 * Expect-none: page_add_anon_rmap
 */

// In all rules: the page is named twice afterwards, so naming it must do nothing; the
// first branch leaves what does more alone.

// A local variable that has one level from its start to its end. Positions do not
// outlive a change of the file, so each level is looked at right before its rule.
@ start_pmd @
identifier flags;
constant start = { RMAP_COMPOUND };
position s;
@@
  rmap_t flags = start@s;

@ change_pmd exists @
identifier flags, other != RMAP_EXCLUSIVE;
constant start = { RMAP_COMPOUND };
expression E;
position d, q != start_pmd.s;
@@
  rmap_t flags@d = start;
  ... when any
(
  flags = E@q
|
  flags &= E
|
  flags ^= E
|
  flags |= other
|
  flags |= <+... RMAP_COMPOUND ...+>
|
  &flags
)

@ pmd exists @
identifier flags, fn;
expression page, vma, addr, x, y;
constant start = { RMAP_COMPOUND };
position d != change_pmd.d;
@@
- rmap_t flags@d = start;
+ rmap_t flags = RMAP_NONE;
  ... when any
(
  page_add_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_add_anon_rmap(page, vma, addr, flags)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, flags)
)

@ start_pte @
identifier flags;
constant start = { RMAP_NONE, RMAP_EXCLUSIVE };
position s;
@@
  rmap_t flags = start@s;

@ change_pte exists @
identifier flags, other != RMAP_EXCLUSIVE;
constant start = { RMAP_NONE, RMAP_EXCLUSIVE };
expression E;
position d, q != start_pte.s;
@@
  rmap_t flags@d = start;
  ... when any
(
  flags = E@q
|
  flags &= E
|
  flags ^= E
|
  flags |= other
|
  flags |= <+... RMAP_COMPOUND ...+>
|
  &flags
)

@ pte exists @
identifier flags, fn;
expression page, vma, addr, x, y;
constant start = { RMAP_NONE, RMAP_EXCLUSIVE };
position d != change_pte.d;
@@
  rmap_t flags@d = start;
  ... when any
(
  page_add_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_add_anon_rmap(page, vma, addr, flags)
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, flags)
)

@@
expression page, vma, addr, E, x, y;
identifier fn;
constant C = { RMAP_NONE, RMAP_EXCLUSIVE };
@@
(
  page_add_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_add_anon_rmap(page, vma, addr, RMAP_COMPOUND)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, RMAP_NONE)
|
- page_add_anon_rmap(page, vma, addr, RMAP_COMPOUND | E)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, E)
|
- page_add_anon_rmap(page, vma, addr, E | RMAP_COMPOUND)
+ folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, E)
|
- page_add_anon_rmap(page, vma, addr, C)
+ folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, C)
)

// What is known only when it runs is asked then. Under another "if" that takes braces.
@@
expression page, vma, addr, flags, x, y, cond;
statement S;
identifier fn;
@@
  if (cond)
(
  page_add_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
+ {
- page_add_anon_rmap(page, vma, addr, flags);
+ if (flags & RMAP_COMPOUND)
+	folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, flags & ~RMAP_COMPOUND);
+ else
+	folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, flags);
+ }
)
  else S

@@
expression page, vma, addr, flags, x, y, cond;
identifier fn;
@@
  if (cond)
(
  page_add_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
+ {
- page_add_anon_rmap(page, vma, addr, flags);
+ if (flags & RMAP_COMPOUND)
+	folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, flags & ~RMAP_COMPOUND);
+ else
+	folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, flags);
+ }
)

@@
expression page, vma, addr, flags, x, y;
identifier fn;
@@
(
  page_add_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...);
|
- page_add_anon_rmap(page, vma, addr, flags);
+ if (flags & RMAP_COMPOUND)
+	folio_add_anon_rmap_pmd(page_folio(page), page, vma, addr, flags & ~RMAP_COMPOUND);
+ else
+	folio_add_anon_rmap_pte(page_folio(page), page, vma, addr, flags);
)
