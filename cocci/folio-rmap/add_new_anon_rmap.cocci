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
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_add_new_anon_rmap
 * Present-if: mm/memory.c lacks page_add_new_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_add_new_anon_rmap
 * Expect-none: page_add_new_anon_rmap
 */

// A folio that the function has already will do where it is the page's on every way that
// leads here: it was taken from the page, or the page from it, on each of them, and neither
// has become another since.
@ known exists @
identifier folio;
identifier page;
expression n;
position p;
@@
(
  struct folio *folio = page_folio(page);
|
  folio = page_folio(page);
|
  page = folio_page(folio, n);
)
  ... when any
  page_add_new_anon_rmap@p(page, ...)

@ same @
identifier known.folio;
identifier known.page;
expression n;
position s;
@@
(
  folio =@s page_folio(page)
|
  page =@s folio_page(folio, n)
)

@ other exists @
identifier known.folio;
identifier known.page;
expression E;
position known.p, q != same.s;
position o;
@@
(
  folio =@q E
|
  page =@q E
|
  page += E
|
  page -= E
|
  page++
|
  ++page
|
  page--
|
  --page
|
  &page
|
  &folio
)
  ... when != folio = page_folio(page)
      when any
  page_add_new_anon_rmap@p@o(page, ...)

@ around exists @
identifier known.folio;
identifier known.page, fn;
expression n;
position known.p;
position o;
@@
  fn(...)
  {
  ... when != folio = page_folio(page)
      when != page = folio_page(folio, n)
  page_add_new_anon_rmap@p@o(page, ...)
  ... when any
  }

// A loop over a list gives the page a new value each time.
@ iterated @
identifier known.page;
iterator loop;
position known.p;
position o;
@@
  loop(page, ...)
  {
  <+...
  page_add_new_anon_rmap@p@o(page, ...)
  ...+>
  }

// Two variables of one name: which of them it is depends on the block.
@ shadowed exists @
identifier known.folio;
identifier known.page;
type T, U;
expression E, F;
position known.p;
position o;
@@
(
  T folio;
|
  T folio = E;
)
  ... when any
(
  U folio;
|
  U folio = F;
)
  ... when any
  page_add_new_anon_rmap@p@o(page, ...)

@ hides_parameter exists @
identifier known.folio;
identifier known.page, fn;
type T, U;
expression E;
position known.p;
position o;
@@
  fn(..., T folio, ...)
  {
  ... when any
(
  U folio;
|
  U folio = E;
)
  ... when any
  page_add_new_anon_rmap@p@o(page, ...)
  ... when any
  }

@@
identifier known.folio;
identifier known.page;
expression vma, addr;
position known.p;
position r != { other.o, around.o, iterated.o, shadowed.o, hides_parameter.o };
@@
- page_add_new_anon_rmap@p@r(page, vma, addr)
+ folio_add_new_anon_rmap(folio, vma, addr)


@@
expression page, vma, addr;
@@
- page_add_new_anon_rmap(page, vma, addr)
+ folio_add_new_anon_rmap(page_folio(page), vma, addr)
