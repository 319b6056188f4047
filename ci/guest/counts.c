// SPDX-License-Identifier: GPL-2.0-only
/*
 * The figures that user space sees (kpagecount, smaps, vmstat), right after each step: map,
 * fork, unmap in the child, end of the child, copy on write.
 */
#include "area.h"
#include "ktap.h"
#include "peer.h"

static long kib(const struct area *a)
{
	return (long)a->n / 1024;
}

static void check_child(struct peer *p, const struct area *a)
{
	say(p, (int)mapcount(a->p, a->n));
	hear(p);
	munmap(a->p, a->n);
	say(p, smaps(a->p, a->n, "Rss") == 0);
	hear(p);
	_exit(0);
}

static void check_smaps(const struct area *a, const char *name, bool shared)
{
	if (a->kind == HUGETLB) {
		ok(smaps(a->p, a->n, shared ? "Shared_Hugetlb" : "Private_Hugetlb") == kib(a),
		   "%s: smaps calls it %s", name, shared ? "shared" : "private");
		return;
	}
	ok(smaps(a->p, a->n, "Rss") == kib(a) &&
	   smaps(a->p, a->n, shared ? "Shared_Dirty" : "Private_Dirty") == kib(a) &&
	   smaps(a->p, a->n, "Pss") == kib(a) / (shared ? 2 : 1),
	   "%s: smaps calls it %s", name, shared ? "shared" : "private");
	ok(smaps(a->p, a->n, "AnonHugePages") == (a->kind == PMD_THP ? kib(a) : 0),
	   "%s: smaps has its level", name);
}

static void check_fork(const struct area *a, const char *name)
{
	struct peer p;

	ok(mapcount(a->p, a->n) == 1, "%s: mapped once", name);
	check_smaps(a, name, false);
	p = peer_fork();
	if (p.pid == 0)
		check_child(&p, a);
	ok(hear(&p) == 2, "%s: mapped twice in the child", name);
	ok(mapcount(a->p, a->n) == 2, "%s: mapped twice after fork", name);
	check_smaps(a, name, true);
	say(&p, 1);
	ok(hear(&p) == 1, "%s: not in the child any more", name);
	ok(mapcount(a->p, a->n) == 1, "%s: mapped once after the child unmaps it", name);
	check_smaps(a, name, false);
	say(&p, 1);
	ok(peer_end(&p), "%s: the child ends", name);
	ok(mapcount(a->p, a->n) == 1, "%s: mapped once after the child's end", name);
}

static void check_copy(const struct area *a, const char *name)
{
	struct peer p = peer_fork();

	if (p.pid == 0) {
		hear(&p);
		say(&p, (int)mapcount(a->p, a->n));
		hear(&p);
		_exit(0);
	}
	memset(a->p, 'w', a->n);
	ok(mapcount(a->p, a->n) == 1, "%s: the copy is mapped once", name);
	say(&p, 1);
	ok(hear(&p) == 1, "%s: what was copied is mapped once, in the child", name);
	say(&p, 1);
	ok(peer_end(&p), "%s: the child of the copy ends", name);
}

/* Chance moves a few pages of others; a huge page is 512. */
static bool near(long is, long wanted)
{
	if (is < wanted - 100 || is > wanted + 100)
		printf("# changed by %ld, not about %ld\n", is, wanted);
	return is >= wanted - 100 && is <= wanted + 100;
}

static void check_vmstat(enum kind kind, const char *name)
{
	long anon = vmstat("nr_anon_pages"), huge = vmstat("nr_anon_transparent_hugepages");
	struct area a;

	ok(area_new(&a, kind), "%s: is there for vmstat", name);
	ok(near(vmstat("nr_anon_pages") - anon, kind == HUGETLB ? 0 : (long)(a.n / PAGE)),
	   "%s: vmstat counts its pages", name);
	ok(vmstat("nr_anon_transparent_hugepages") - huge == (kind == PMD_THP),
	   "%s: vmstat counts huge mappings", name);
	if (kind == PMD_THP) {
		mprotect(a.p, PAGE, PROT_READ);
		ok(vmstat("nr_anon_transparent_hugepages") - huge == 0 &&
			   near(vmstat("nr_anon_pages") - anon, (long)(a.n / PAGE)),
		   "%s: still when it is PTE-mapped", name);
	}
	area_free(&a);
	ok(near(vmstat("nr_anon_pages") - anon, 0) &&
		   vmstat("nr_anon_transparent_hugepages") == huge,
	   "%s: vmstat is as before", name);
}

int main(void)
{
	static const enum kind kinds[] = { SMALL, PTE_THP, PMD_THP, HUGETLB };

	ktap_begin();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *name = kind_names[kinds[i]];
		struct area a;

		if (ok(area_new(&a, kinds[i]), "%s: is there", name))
			check_fork(&a, name);
		area_free(&a);
		if (ok(area_new(&a, kinds[i]), "%s: is there to be copied", name))
			check_copy(&a, name);
		area_free(&a);
		check_vmstat(kinds[i], name);
	}
	return ktap_end();
}
