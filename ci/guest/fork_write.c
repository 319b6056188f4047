// SPDX-License-Identifier: GPL-2.0-only
/*
 * After fork, what one process writes the other does not see, whoever writes first.
 */
#include "check.h"

static void child_writes(const struct area *a, const char *name)
{
	struct peer p = peer_fork();

	if (p.pid == 0) {
		memset(a->p, 'b', a->n);
		say(&p, 1);
		hear(&p);
		_exit(!all_are(a->p, a->n, 'b'));
	}
	hear(&p);
	ok(all_are(a->p, a->n, 'a'), "%s: what the child writes stays with it", name);
	memset(a->p, 'a', a->n);
	say(&p, 1);
	ok(peer_end(&p), "%s: the child keeps what it wrote", name);
}

static void parent_writes(const struct area *a, const char *name)
{
	struct peer p = peer_fork();

	if (p.pid == 0) {
		hear(&p);
		_exit(!all_are(a->p, a->n, 'a'));
	}
	memset(a->p, 'c', a->n);
	say(&p, 1);
	ok(peer_end(&p), "%s: what the parent writes stays with it", name);
	ok(all_are(a->p, a->n, 'c'), "%s: the parent keeps what it wrote", name);
}

/* Neither has a mapping of its own again when the one between them is gone. */
static void grandchild_writes(const struct area *a, const char *name)
{
	struct peer p = peer_fork();

	a->p[a->n / 2] = p.pid ? 'p' : 'q';
	if (p.pid == 0) {
		struct peer q = peer_fork();

		if (q.pid == 0) {
			memset(a->p, 'd', a->n);
			_exit(0);
		}
		_exit(!peer_end(&q) || a->p[0] != 'a' || a->p[a->n / 2] != 'q');
	}
	ok(peer_end(&p), "%s: the grandchild's writes are not seen by the child", name);
	a->p[a->n / 2] = 'a';
	ok(all_are(a->p, a->n, 'a'), "%s: nor by the parent", name);
	if (a->kind != KSM)
		ok(mapcount(a->p, a->n) == 1, "%s: mapped once at the end", name);
}

int main(void)
{
	static check_fn *const checks[] = { child_writes, parent_writes, grandchild_writes };

	ktap_begin();
	for (enum kind kind = 0; kind < KINDS; kind++)
		check_each(kind, checks, sizeof(checks) / sizeof(*checks));
	return ktap_end();
}
