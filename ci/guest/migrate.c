// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that go to the other node keep content, count and level; also when they are shared by
 * fork, and while a fork is under way.
 */
#include <sys/syscall.h>

#include "check.h"

#define ROUNDS 20
#define MOVE_ALL 4 /* MPOL_MF_MOVE_ALL: shared ones, too */

/* How many pages are on @node afterwards. */
static size_t move_to(const struct area *a, int node)
{
	size_t n = a->n / PAGE, there = 0;
	void *pages[HUGE / PAGE];
	int nodes[HUGE / PAGE], status[HUGE / PAGE];

	for (size_t i = 0; i < n; i++) {
		pages[i] = a->p + i * PAGE;
		nodes[i] = node;
	}
	syscall(SYS_move_pages, 0, n, pages, nodes, status, MOVE_ALL);
	if (syscall(SYS_move_pages, 0, n, pages, NULL, status, 0) != 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		there += status[i] == node;
	return there;
}

static bool moves(const struct area *a, int node)
{
	size_t there = move_to(a, node);

	if (there != a->n / PAGE)
		printf("# %zu pages on node %d\n", there, node);
	return there == a->n / PAGE;
}

static void check_alone(const struct area *a, const char *name)
{
	for (int i = 0; i < 4; i++)
		ok(moves(a, i & 1), "%s: goes to node %d", name, i & 1);
	ok(all_are(a->p, a->n, 'a'), "%s: has its content", name);
	ok(mapcount(a->p, a->n) == 1, "%s: is mapped once", name);
	ok(is_pmd_mapped(a) == (a->kind == PMD_THP), "%s: has its level", name);
}

static void check_shared(const struct area *a, const char *name)
{
	struct peer p = peer_fork();

	if (p.pid == 0) {
		hear(&p);
		say(&p, (int)mapcount(a->p, a->n));
		hear(&p);
		_exit(!all_are(a->p, a->n, 'a'));
	}
	ok(moves(a, 0) && moves(a, 1), "%s: goes when it is shared", name);
	say(&p, 1);
	ok(hear(&p) == 2 && mapcount(a->p, a->n) == 2, "%s: is mapped twice then", name);
	ok(is_pmd_mapped(a) == (a->kind == PMD_THP), "%s: has its level then", name);
	memset(a->p, 'b', a->n);
	say(&p, 1);
	ok(peer_end(&p), "%s: the child does not see the parent's write", name);
	ok(all_are(a->p, a->n, 'b') && mapcount(a->p, a->n) == 1, "%s: is mapped once again",
	   name);
}

static bool round_ok(const struct area *a, char c)
{
	struct peer p = peer_fork();
	bool good;

	if (p.pid == 0) {
		move_to(a, 0);
		good = all_are(a->p, a->n, c);
		memset(a->p, 'x', a->n);
		_exit(!(good && all_are(a->p, a->n, 'x')));
	}
	move_to(a, 1);
	good = all_are(a->p, a->n, c);
	return peer_end(&p) && good;
}

static void check_forking(const struct area *a, const char *name)
{
	int good = 0;

	for (int i = 0; i < ROUNDS; i++) {
		char c = (char)('a' + i);

		memset(a->p, c, a->n);
		good += round_ok(a, c);
	}
	ok(good == ROUNDS, "%s: both move it while they fork", name);
	ok(mapcount(a->p, a->n) == 1, "%s: mapped once at the end", name);
}

int main(void)
{
	static const enum kind kinds[] = { SMALL, PTE_THP, PMD_THP, HUGETLB };
	static check_fn *const checks[] = { check_alone, check_shared, check_forking };

	ktap_begin();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		check_each(kinds[i], checks, sizeof(checks) / sizeof(*checks));
	return ktap_end();
}
