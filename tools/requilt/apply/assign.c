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

struct place {
	size_t at;
	const struct rq_image_text *text; /* the site's preimage or postimage */
	unsigned ways; /* assignments of this and later sites, 2 for many */
};

struct choice {
	struct rq_site *site;
	rq_vec(struct place) at;
};

struct choices {
	struct rq_file *file;
	struct choice *v;
	size_t n;
};

static bool only_context(const struct rq_image_text *text)
{
	return text->n == text->lead + text->trail;
}

/* Whether the site at @b may come behind the one at @a: behind its last changed line. */
static bool may_follow(const struct place *a, const struct place *b)
{
	size_t end = a->at + a->text->n - a->text->trail;

	if (b->at < end)
		return false;
	return !(only_context(a->text) && only_context(b->text) &&
		 b->at + b->text->lead == end);
}

/* How many assignments there are: 0, 1 or 2 for many. */
static unsigned count(struct choices *choices)
{
	unsigned total = 0;

	for (size_t i = choices->n; i-- > 0;) {
		struct choice *c = &choices->v[i], *next = c + 1;

		for (size_t k = 0; k < c->at.n; k++) {
			unsigned ways = i + 1 == choices->n;

			if (!ways && !rq_file_spend(choices->file, next->at.n))
				return 0;
			for (size_t m = 0;
			     i + 1 < choices->n && m < next->at.n && ways < 2; m++)
				if (may_follow(&c->at.v[k], &next->at.v[m]))
					ways += next->at.v[m].ways;
			c->at.v[k].ways = ways < 2 ? ways : 2;
		}
	}
	for (size_t k = 0; choices->n && k < choices->v[0].at.n; k++)
		total += choices->v[0].at.v[k].ways;
	return total < 2 ? total : 2;
}

/* The places of the only assignment that count() found; every choice is left with one. */
static void narrow_to_it(struct choices *choices)
{
	const struct place *before = NULL;

	for (size_t i = 0; i < choices->n; i++) {
		struct choice *c = &choices->v[i];

		for (size_t k = 0; k < c->at.n; k++) {
			if (!c->at.v[k].ways ||
			    (before && !may_follow(before, &c->at.v[k])))
				continue;
			c->at.v[0] = c->at.v[k];
			c->at.n = 1;
			before = &c->at.v[0];
			break;
		}
	}
}

static void by_function(const struct rq_job *job, struct choices *choices)
{
	for (size_t i = 0; i < choices->n; i++) {
		struct choice *c = &choices->v[i];
		size_t kept = 0;

		if (c->at.n < 2)
			continue;
		for (size_t k = 0; k < c->at.n; k++)
			if (rq_function_fits(job->file, c->site->hunk, '-',
					     c->at.v[k].at))
				c->at.v[kept++] = c->at.v[k];
		if (kept)
			c->at.n = kept;
	}
}

static bool narrow_to_line(struct choice *choice, long at)
{
	for (size_t k = 0; k < choice->at.n; k++) {
		if ((long)choice->at.v[k].at != at)
			continue;
		choice->at.v[0] = choice->at.v[k];
		choice->at.n = 1;
		return true;
	}
	return false;
}

/* The stated line, corrected by the shift of the site before. */
static void by_line(struct choices *choices, bool doubtful)
{
	long shift = 0;

	for (size_t i = 0; i < choices->n; i++) {
		struct choice *c = &choices->v[i];
		long stated = rq_hunk_stated(c->site->hunk);

		if (c->at.n > 1 && narrow_to_line(c, stated + shift))
			c->site->doubtful = doubtful;
		if (c->at.n == 1)
			shift = (long)c->at.v[0].at - stated;
	}
}

static void say_places(struct choice *choice)
{
	struct rq_str list = { 0 };

	for (size_t k = 0; k < choice->at.n && k < 8; k++)
		rq_str_addf(&list, "%s%zu", k ? ", " : "", choice->at.v[k].at + 1);
	if (choice->at.n > 8)
		rq_str_addf(&list, " and %zu more", choice->at.n - 8);
	choice->site->doubtful = false;
	rq_site_say(choice->site, "fits at lines %s and nothing says which is meant",
		    list.s);
	rq_str_release(&list);
}

static void add_places(struct choice *choice, const rq_places *places,
		       const struct rq_image_text *text)
{
	for (size_t k = 0; k < places->n && k < MOST_PLACES; k++)
		*rq_vec_push(&choice->at) =
			(struct place){ .at = places->v[k], .text = text };
}

static void fill(struct choices *choices, bool with_post)
{
	for (size_t i = 0; i < choices->n; i++) {
		struct choice *c = &choices->v[i];
		struct rq_site *site = c->site;

		c->at.n = 0;
		if (site->settled) {
			*rq_vec_push(&c->at) = (struct place){
				.at = site->at,
				.text = site->rung == RQ_PRESENT ? &site->post
								 : &site->pre,
			};
			continue;
		}
		add_places(c, &site->pre_at, &site->pre);
		if (with_post)
			add_places(c, &site->post_at, &site->post);
	}
}

/* Sites with a place to offer; one settled as absent takes no room. */
static struct choices gather(struct rq_job *job, bool with_post)
{
	struct choices choices = {
		.file = job->file,
		.v = rq_xcalloc(job->n_sites, sizeof(*choices.v)),
	};

	for (size_t i = 0; i < job->n_sites; i++) {
		struct rq_site *site = &job->sites[i];
		bool offers = site->settled
				      ? site->rung != RQ_ABSENT
				      : site->pre_at.n || (with_post && site->post_at.n);

		if (offers)
			choices.v[choices.n++].site = site;
	}
	fill(&choices, with_post);
	return choices;
}

static void release(struct choices *choices)
{
	for (size_t i = 0; i < choices->n; i++)
		rq_vec_release(&choices->v[i].at);
	free(choices->v);
}

void rq_assign_old_or_new(struct rq_job *job)
{
	struct choices choices = gather(job, true);
	unsigned ways = count(&choices);

	for (size_t i = 0; choices.n && !ways && i < choices.n; i++) {
		struct rq_site *site = choices.v[i].site;

		if (site->settled || site->pre_at.n)
			continue;
		rq_site_say(site,
			    "its new text stands at line %zu only, out of order with the "
			    "other hunks or on the place of one",
			    site->post_at.v[0] + 1);
		site->post_at.n = 0;
	}
	if (choices.n == job->n_sites && ways == 1) {
		narrow_to_it(&choices);
		for (size_t i = 0; i < choices.n; i++) {
			struct rq_site *site = choices.v[i].site;

			if (site->settled)
				continue;
			if (choices.v[i].at.v[0].text == &site->post)
				site->pre_at.n = 0;
			else
				site->post_at.n = 0;
		}
	}
	release(&choices);
}

static void say_order(struct choices *choices)
{
	for (size_t i = 0; i < choices->n; i++)
		if (!choices->v[i].site->settled)
			rq_site_say(choices->v[i].site,
				    "fits at line %zu only, out of order with the other "
				    "hunks",
				    choices->v[i].at.v[0].at + 1);
}

/* Several assignments: the functions, then the stated lines.  Returns how many are left. */
static unsigned choose(const struct rq_job *job, struct choices *choices)
{
	unsigned ways;

	by_function(job, choices);
	ways = count(choices);
	if (ways == 0) {
		fill(choices, false);
		ways = count(choices);
	}
	if (ways == 2) {
		by_line(choices, true);
		ways = count(choices);
	}
	for (size_t i = 0; ways != 1 && i < choices->n; i++)
		if (choices->v[i].at.n > 1)
			say_places(&choices->v[i]);
	return ways;
}

/* Where a text stands nearly everywhere, only a known file can say which place is meant. */
static void drop_meaningless(struct rq_job *job)
{
	for (size_t i = 0; i < job->n_sites; i++) {
		struct rq_site *site = &job->sites[i];

		if (site->settled || site->pre_at.n <= MOST_PLACES)
			continue;
		if (rq_job_same_blob(job)) {
			site->pre_at.v[0] = rq_hunk_stated(site->hunk);
			site->pre_at.n = 1;
			continue;
		}
		rq_site_say(site,
			    "fits at %zu lines, from %zu on, and nothing says "
			    "which is meant",
			    site->pre_at.n, site->pre_at.v[0] + 1);
		site->pre_at.n = 0;
	}
}

static bool is_open(const struct choices *choices)
{
	for (size_t i = 0; i < choices->n; i++)
		if (choices->v[i].at.n > 1)
			return true;
	return false;
}

void rq_assign(struct rq_job *job)
{
	struct choices choices;
	unsigned ways;

	drop_meaningless(job);
	choices = gather(job, false);
	if (is_open(&choices) && rq_job_same_blob(job))
		by_line(&choices, false);
	ways = count(&choices);
	if (ways == 0)
		say_order(&choices);
	if (ways == 2)
		ways = choose(job, &choices);
	if (ways == 1) {
		narrow_to_it(&choices);
		for (size_t i = 0; i < choices.n; i++) {
			choices.v[i].site->at = choices.v[i].at.v[0].at;
			choices.v[i].site->assigned = true;
		}
	}
	release(&choices);
}
