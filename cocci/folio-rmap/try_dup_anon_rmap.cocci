// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject: mm/rmap: convert page_try_dup_anon_rmap() callers
 * From: requilt developers <requilt@example.org>
 * Date: Mon, 23 Nov 2026 03:18:00 +0000
 *
 * Convert the callers of page_try_dup_anon_rmap() to
 * folio_try_dup_anon_rmap_pte() and folio_try_dup_anon_rmap_pmd(), by what
 * they pass as "compound". hugetlb does not come here any more, so true
 * stands for a PMD mapping.
 *
 * The BUG_ON() around one of the calls was there before, and stays.
 *
 * No functional change intended.
 *
 * Signed-off-by: requilt developers <requilt@example.org>
 * ---
 * Present-if: include/linux/rmap.h defines folio_try_dup_anon_rmap_pte
 * Present-if: mm/memory.c lacks page_try_dup_anon_rmap
 * Present-if: mm/huge_memory.c lacks page_try_dup_anon_rmap
 * Expect-none: page_try_dup_anon_rmap
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
  page_try_dup_anon_rmap@p(page, ...)

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
  page_try_dup_anon_rmap@p@o(page, ...)

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
  page_try_dup_anon_rmap@p@o(page, ...)
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
  page_try_dup_anon_rmap@p@o(page, ...)
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
  page_try_dup_anon_rmap@p@o(page, ...)

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
  page_try_dup_anon_rmap@p@o(page, ...)
  ... when any
  }

@@
identifier known.folio;
identifier known.page;
expression vma;
symbol true, false;
position known.p;
position r != { other.o, around.o, iterated.o, shadowed.o, hides_parameter.o };
@@
(
- page_try_dup_anon_rmap@p@r(page, \(false\|0\), vma)
+ folio_try_dup_anon_rmap_pte(folio, page, vma)
|
- page_try_dup_anon_rmap@p@r(page, \(true\|1\), vma)
+ folio_try_dup_anon_rmap_pmd(folio, page, vma)
)


// The page is named twice afterwards, so naming it must do nothing: the first branch
// leaves what does more alone.
@@
expression page, vma, x, y;
identifier fn;
symbol true, false;
@@
(
  page_try_dup_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_try_dup_anon_rmap(page, \(false\|0\), vma)
+ folio_try_dup_anon_rmap_pte(page_folio(page), page, vma)
|
- page_try_dup_anon_rmap(page, \(true\|1\), vma)
+ folio_try_dup_anon_rmap_pmd(page_folio(page), page, vma)
)

// What is known only when it runs is asked then.
@@
expression page, vma, compound, x, y;
identifier fn;
@@
(
  page_try_dup_anon_rmap(<+... \( x++ \| x-- \| ++x \| --x \| x = y \| fn(...) \) ...+>, ...)
|
- page_try_dup_anon_rmap(page, compound, vma)
+ (compound ? folio_try_dup_anon_rmap_pmd(page_folio(page), page, vma) : folio_try_dup_anon_rmap_pte(page_folio(page), page, vma))
)
