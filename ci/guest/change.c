// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings that are cut, moved, protected and given up keep their content where they should,
 * and their counts.
 */
#include "area.h"
#include "ktap.h"

static void check_mremap(struct area *a, const char *name)
{
	char *to = map_aligned(a->n);
	char *q = mremap(a->p, a->n, a->n, MREMAP_MAYMOVE | MREMAP_FIXED, to);

	if (!ok(q == to, "%s: mremap", name))
		return;
	a->p = q;
	ok(all_are(q, a->n, 'a') && mapcount(q, a->n) == 1, "%s: moved whole", name);
	ok(is_pmd_mapped(a) == (a->kind == PMD_THP), "%s: has its level", name);
}

static void check_cut(struct area *a, const char *name)
{
	size_t half = a->n / 2;

	ok(mprotect(a->p + half, half, PROT_READ) == 0 && mapcount(a->p, a->n) == 1,
	   "%s: one half protected", name);
	ok(mprotect(a->p + half, half, PROT_READ | PROT_WRITE) == 0, "%s: and no more", name);
	memset(a->p + half, 'b', half);
	ok(all_are(a->p, half, 'a') && all_are(a->p + half, half, 'b'),
	   "%s: written again", name);
	ok(munmap(a->p + a->n - PAGE, PAGE) == 0 && mapcount(a->p, a->n - PAGE) == 1,
	   "%s: without its last page", name);
	a->n -= PAGE;
	ok(madvise(a->p + PAGE, PAGE, MADV_DONTNEED) == 0 && pfn_of(a->p + PAGE) == 0 && mapcount(a->p, PAGE) == 1 &&
		   mapcount(a->p + 2 * PAGE, a->n - 2 * PAGE) == 1,
	   "%s: a page not needed", name);
	ok(a->p[PAGE] == 0 && a->p[0] == 'a' && a->p[2 * PAGE] == 'a', "%s: is zero", name);
}

static void check_free(enum kind kind, const char *name)
{
	struct area a;

	if (!ok(area_new(&a, kind), "%s: is there to be freed", name))
		return;
	ok(madvise(a.p, a.n, MADV_FREE) == 0 && mapcount(a.p, a.n) == 1, "%s: MADV_FREE leaves it mapped", name);
	memset(a.p, 'f', a.n);
	ok(madvise(a.p, a.n, MADV_PAGEOUT) == 0 && all_are(a.p, a.n, 'f'), "%s: what was written after MADV_FREE stays", name);
	area_free(&a);
}

static void check_pageout(enum kind kind, const char *name)
{
	struct area a;
	size_t out = 0;

	if (!ok(area_new(&a, kind), "%s: is there to be paged out", name))
		return;
	ok(madvise(a.p, a.n, MADV_PAGEOUT) == 0, "%s: may be paged out", name);
	for (size_t i = 0; i < a.n; i += PAGE)
		out += is_swapped(a.p + i);
	ok(out == a.n / PAGE, "%s: is paged out", name);
	ok(all_are(a.p, a.n, 'a'), "%s: comes back", name);
	ok(mapcount(a.p, a.n) == 1, "%s: is mapped once then", name);
	memset(a.p, 'w', a.n);
	ok(all_are(a.p, a.n, 'w'), "%s: and can be written", name);
	area_free(&a);
}

int main(void)
{
	static const enum kind kinds[] = { SMALL, PTE_THP, PMD_THP };

	ktap_begin();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *name = kind_names[kinds[i]];
		struct area a;

		if (ok(area_new(&a, kinds[i]), "%s: is there", name)) {
			check_mremap(&a, name);
			check_cut(&a, name);
		}
		area_free(&a);
		check_free(kinds[i], name);
		check_pageout(kinds[i], name);
	}
	return ktap_end();
}
