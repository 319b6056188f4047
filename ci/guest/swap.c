// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fork with memory that is in swap, comes back from it, or goes there at that moment.
 */
#include <sched.h>

#include "check.h"

#define ROUNDS 4 /* a reclaim that finds nothing more waits half a second */

static size_t swapped(const struct area *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i += PAGE)
		n += is_swapped(a->p + i);
	return n;
}

/*
 * A page that still lies in a CPU's batch for the LRU lists is passed over, and a CPU empties only
 * its own: each is asked in turn.
 */
static bool page_out(const struct area *a)
{
	cpu_set_t all, one;
	int n = (int)sysconf(_SC_NPROCESSORS_ONLN);

	sched_getaffinity(0, sizeof(all), &all);
	for (int i = 0; i < 500 && swapped(a) < a->n / PAGE; i++) {
		CPU_ZERO(&one);
		CPU_SET(i % n, &one);
		sched_setaffinity(0, sizeof(one), &one);
		madvise(a->p, a->n, MADV_PAGEOUT);
		pause_ms(1);
	}
	sched_setaffinity(0, sizeof(all), &all);
	return swapped(a) == a->n / PAGE;
}

/* Both get back what was there, and then each has its own. */
static void fork_while_out(const struct area *a, const char *name)
{
	struct peer p;

	ok(page_out(a), "%s: is in swap", name);
	p = peer_fork();
	if (p.pid == 0) {
		bool good = all_are(a->p, a->n, 'a');

		memset(a->p, 'b', a->n);
		say(&p, good);
		hear(&p);
		_exit(!all_are(a->p, a->n, 'b'));
	}
	ok(hear(&p) == 1, "%s: the child has it back", name);
	ok(all_are(a->p, a->n, 'a'), "%s: so has the parent", name);
	memset(a->p, 'c', a->n);
	say(&p, 1);
	ok(peer_end(&p) && all_are(a->p, a->n, 'c'), "%s: each has its own", name);
	ok(mapcount(a->p, a->n) == 1, "%s: mapped once at the end", name);
}

/*
 * MADV_PAGEOUT passes over what two processes map; a memory cgroup's reclaim does not.  Every
 * process of this test is in the group.
 */
static bool join_group(void)
{
	return write_file("/cgroup/guest/cgroup.procs", "0");
}

static void reclaim(void)
{
	if (!write_file("/cgroup/guest/memory.force_empty", "0"))
		write_file("/cgroup/guest/memory.reclaim", "64M");
}

static bool reclaim_some(const struct area *a)
{
	for (int i = 0; i < 50 && !swapped(a); i++)
		reclaim();
	return swapped(a) > 0;
}

/* Shared by fork, then out, then written by one. */
static void out_while_shared(const struct area *a, const char *name)
{
	struct peer p = peer_fork();

	if (p.pid == 0) {
		hear(&p);
		say(&p, swapped(a) > 0);
		hear(&p);
		say(&p, all_are(a->p, a->n, 'a'));
		hear(&p);
		_exit(!all_are(a->p, a->n, 'a'));
	}
	ok(reclaim_some(a), "%s: goes out while it is shared", name);
	say(&p, 1);
	ok(hear(&p) == 1, "%s: for the child, too", name);
	say(&p, 1);
	ok(hear(&p) == 1, "%s: the child has it back", name);
	reclaim_some(a);
	memset(a->p, 'd', a->n);
	say(&p, 1);
	ok(peer_end(&p), "%s: the child does not see the parent's write", name);
	ok(all_are(a->p, a->n, 'd'), "%s: the parent does", name);
}

/* Both have memory taken away from the group that they are in; *out: the parent saw it go. */
static bool round_ok(const struct area *a, char c, bool *out)
{
	struct peer p = peer_fork();
	bool good;

	if (p.pid == 0) {
		reclaim();
		good = all_are(a->p, a->n, c);
		memset(a->p, 'x', a->n);
		reclaim();
		_exit(!(good && all_are(a->p, a->n, 'x')));
	}
	*out = reclaim_some(a);
	good = all_are(a->p, a->n, c);
	return peer_end(&p) && good;
}

static void out_while_forking(const struct area *a, const char *name)
{
	int good = 0, out = 0;

	for (int i = 0; i < ROUNDS; i++) {
		char c = (char)('a' + i);
		bool went;

		memset(a->p, c, a->n);
		good += round_ok(a, c, &went);
		out += went;
	}
	ok(good == ROUNDS, "%s: both lose it while they fork, and have it back", name);
	ok(out > 0, "%s: it did go out", name);
}

int main(void)
{
	static const enum kind kinds[] = { SMALL, PTE_THP, PMD_THP };
	static check_fn *const checks[] = { fork_while_out, out_while_shared,
					    out_while_forking };

	ktap_begin();
	ok(join_group(), "a memory cgroup is there");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		check_each(kinds[i], checks, sizeof(checks) / sizeof(*checks));
	return ktap_end();
}
