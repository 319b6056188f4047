// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which of several places a hunk belongs to.  The hunks of a file keep their order and never
 * share a changed line; where that leaves one assignment it is taken, where it leaves more
 * nothing is guessed silently.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>

/* More places than this mean that the text says nothing. */
#define MOST_PLACES 512

struct choice {
	struct rq_site *site;
	const struct rq_image_text *text;
	rq_places at;
	unsigned char *ways; /* per place: assignments of this and later sites, 2 for many */
};

struct choices {
	struct choice *v;
	size_t n;
};

/* Whether the site at @b may come behind the one at @a: behind its last changed line. */
static bool may_follow(const struct choice *a, size_t at_a, const struct choice *b, size_t at_b)
{
	size_t end = at_a + a->text->n - a->text->trail;
	bool a_inserts = a->text->n == a->text->lead + a->text->trail;
	bool b_inserts = b->text->n == b->text->lead + b->text->trail;

	if (at_b < end)
		return false;
	return !(a_inserts && b_inserts && at_b + b->text->lead == end);
}

/* How many assignments there are: 0, 1 or 2 for many. */
static unsigned count(struct choices *choices)
{
	unsigned total = 0;

	for (size_t i = choices->n; i-- > 0;) {
		struct choice *c = &choices->v[i], *next = c + 1;

		for (size_t k = 0; k < c->at.n; k++) {
			unsigned ways = i + 1 == choices->n;

			for (size_t m = 0; i + 1 < choices->n && m < next->at.n && ways < 2; m++)
				if (may_follow(c, c->at.v[k], next, next->at.v[m]))
					ways += next->ways[m];
			c->ways[k] = ways < 2 ? ways : 2;
		}
	}
	for (size_t k = 0; choices->n && k < choices->v[0].at.n; k++)
		total += choices->v[0].ways[k];
	return total < 2 ? total : 2;
}

/* Takes the only assignment that count() found. */
static void take(struct choices *choices)
{
	const struct choice *before = NULL;
	size_t before_at = 0;

	for (size_t i = 0; i < choices->n; i++) {
		struct choice *c = &choices->v[i];

		for (size_t k = 0; k < c->at.n; k++) {
			if (!c->ways[k] ||
			    (before && !may_follow(before, before_at, c, c->at.v[k])))
				continue;
			c->site->at = before_at = c->at.v[k];
			c->site->assigned = true;
			before = c;
			break;
		}
	}
}

static void narrow(struct choice *choice, size_t at)
{
	choice->at.v[0] = at;
	choice->at.n = 1;
}

static void by_function(const struct rq_job *job, struct choices *choices)
{
	for (size_t i = 0; i < choices->n; i++) {
		struct choice *c = &choices->v[i];
		size_t kept = 0;

		if (c->at.n < 2)
			continue;
		for (size_t k = 0; k < c->at.n; k++)
			if (rq_function_fits(job->file, c->site->hunk, c->at.v[k]))
				c->at.v[kept++] = c->at.v[k];
		if (kept)
			c->at.n = kept;
	}
}

static bool holds(const struct choice *choice, long at)
{
	for (size_t k = 0; k < choice->at.n; k++)
		if ((long)choice->at.v[k] == at)
			return true;
	return false;
}

/* The stated line, corrected by the shift of the site before. */
static void by_line(struct choices *choices, bool doubtful)
{
	long shift = 0;

	for (size_t i = 0; i < choices->n; i++) {
		struct choice *c = &choices->v[i];
		long stated = rq_hunk_stated(c->site->hunk);

		if (c->at.n > 1 && holds(c, stated + shift)) {
			narrow(c, stated + shift);
			c->site->doubtful = doubtful;
		}
		if (c->at.n == 1)
			shift = (long)c->at.v[0] - stated;
	}
}

static void say_places(struct choice *choice)
{
	struct rq_str list = { 0 };

	for (size_t k = 0; k < choice->at.n && k < 8; k++)
		rq_str_addf(&list, "%s%zu", k ? ", " : "", choice->at.v[k] + 1);
	if (choice->at.n > 8)
		rq_str_addf(&list, " and %zu more", choice->at.n - 8);
	choice->site->doubtful = false;
	rq_site_say(choice->site, "fits at lines %s and nothing says which is meant", list.s);
	rq_str_release(&list);
}

static void fill(struct choices *choices)
{
	for (size_t i = 0; i < choices->n; i++) {
		struct choice *c = &choices->v[i];
		struct rq_site *site = c->site;

		c->at.n = 0;
		if (site->settled) {
			*rq_vec_push(&c->at) = site->at;
			continue;
		}
		for (size_t k = 0; k < site->pre_at.n && k < MOST_PLACES; k++)
			*rq_vec_push(&c->at) = site->pre_at.v[k];
	}
}

/* Sites with a place to offer; one settled as absent takes no room. */
static struct choices gather(struct rq_job *job)
{
	struct choices choices = { rq_xcalloc(job->n_sites, sizeof(*choices.v)), 0 };

	for (size_t i = 0; i < job->n_sites; i++) {
		struct rq_site *site = &job->sites[i];
		struct choice *c = &choices.v[choices.n];

		if (site->settled ? site->rung == RQ_ABSENT : !site->pre_at.n)
			continue;
		c->site = site;
		c->text = site->settled && site->rung == RQ_PRESENT ? &site->post : &site->pre;
		c->ways = rq_xcalloc(MOST_PLACES, 1);
		choices.n++;
	}
	return choices;
}

void rq_assign(struct rq_job *job)
{
	struct choices choices = gather(job);
	unsigned ways;

	fill(&choices);
	if (job->same_blob)
		by_line(&choices, false);
	ways = count(&choices);
	if (ways == 0)
		for (size_t i = 0; i < choices.n; i++)
			if (!choices.v[i].site->settled)
				rq_site_say(choices.v[i].site,
					    "fits at line %zu only, out of order with the "
					    "other hunks",
					    choices.v[i].at.v[0] + 1);
	if (ways == 2) {
		by_function(job, &choices);
		ways = count(&choices);
		if (ways == 0) {
			fill(&choices);
			ways = count(&choices);
		}
		if (ways == 2) {
			by_line(&choices, true);
			ways = count(&choices);
		}
		for (size_t i = 0; ways != 1 && i < choices.n; i++)
			if (choices.v[i].at.n > 1)
				say_places(&choices.v[i]);
	}
	if (ways == 1)
		take(&choices);
	for (size_t i = 0; i < choices.n; i++) {
		rq_vec_release(&choices.v[i].at);
		free(choices.v[i].ways);
	}
	free(choices.v);
}
