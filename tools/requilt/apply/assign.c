// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which of several places a hunk belongs to.  The hunks of a file keep their order and never
 * share a changed line; where that leaves one assignment it is taken, where it leaves more
 * nothing is guessed silently.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>

/* More places than this mean that the text says nothing. */
#define MOST_PLACES 65536
/* More than this are not compared with the function that the hunk names. */
#define MOST_IN_FUNCTIONS 512
/* So many places are listed. */
#define MOST_LISTED 8

struct place {
	size_t at;
	const struct rq_image_text *text; /* the site's preimage or postimage */
	unsigned ways; /* assignments of this and later sites, 2 for many */
	unsigned rest; /* the same of this place and those after it */
};

struct choice {
	struct rq_site *site;
	rq_vec(struct place)
		at; /* ascending; of two at one line the only context first */
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

static unsigned at_most_many(unsigned ways)
{
	return ways < 2 ? ways : 2;
}

/* The first place of @next that may come behind @before; all after it may, too. */
static size_t first_behind(const struct choice *next, const struct place *before)
{
	size_t end = before->at + before->text->n - before->text->trail;
	size_t low = 0, high = next->at.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (next->at.v[middle].at < end)
			low = middle + 1;
		else
			high = middle;
	}
	while (low < next->at.n && !may_follow(before, &next->at.v[low]))
		low++;
	return low;
}

/* How many assignments there are: 0, 1 or 2 for many. */
static unsigned count(struct choices *choices)
{
	for (size_t i = choices->n; i-- > 0;) {
		struct choice *c = &choices->v[i];
		unsigned rest = 0;

		if (!rq_file_spend(choices->file, c->at.n))
			return 0;
		for (size_t k = c->at.n; k-- > 0;) {
			struct place *place = &c->at.v[k];

			place->ways = 1;
			if (i + 1 < choices->n) {
				size_t m = first_behind(c + 1, place);

				place->ways = m < c[1].at.n ? c[1].at.v[m].rest : 0;
			}
			rest = at_most_many(rest + place->ways);
			place->rest = rest;
		}
	}
	return choices->n && choices->v[0].at.n ? choices->v[0].at.v[0].rest : 0;
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

		if (c->at.n < 2 || c->at.n > MOST_IN_FUNCTIONS)
			continue;
		for (size_t k = 0; k < c->at.n; k++)
			if (rq_function_fits(job->file, c->site->hunk, '-',
					     c->at.v[k].at))
				c->at.v[kept++] = c->at.v[k];
		if (kept)
			c->at.n = kept;
	}
}

/* Whether the site's change gives the same file at both places, @a before @b. */
static bool same_result(struct rq_file *file, const struct rq_site *site, size_t a,
			size_t b)
{
	const struct rq_hunk *hunk = site->hunk;
	const struct rq_slice *new = site->post.lines + hunk->leading;
	size_t n_new = site->post.n - hunk->leading - hunk->trailing;
	size_t n_old = site->pre.n - site->pre.lead - site->pre.trail;
	size_t n = n_new + (b - a);

	a += site->pre.lead;
	b += site->pre.lead;
	if (!rq_file_spend(file, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct rq_slice at_a =
			i < n_new ? new[i] : file->lines[a + n_old + i - n_new];
		struct rq_slice at_b = i < b - a ? file->lines[a + i] : new[i - (b - a)];

		if (!rq_slice_eq(at_a, at_b))
			return false;
	}
	return true;
}

static size_t distance(const struct place *place, long line)
{
	return (size_t)labs((long)place->at - line);
}

/*
 * Places that give the same file are one place: a line more in a run of equal ones.  The nearest to
 * the stated line stands for them.
 */
static void by_result(struct choices *choices)
{
	long shift = 0;

	for (size_t i = 0; i < choices->n; i++) {
		struct choice *c = &choices->v[i];
		long stated = rq_hunk_stated(c->site->hunk);
		size_t kept = 0, last = c->at.n ? c->at.v[0].at : 0;

		for (size_t k = 0; k < c->at.n; k++) {
			struct place place = c->at.v[k];

			if (!k || !same_result(choices->file, c->site, last, place.at))
				c->at.v[kept++] = place;
			else if (distance(&place, stated + shift) <
				 distance(&c->at.v[kept - 1], stated + shift))
				c->at.v[kept - 1] = place;
			last = place.at;
		}
		c->at.n = kept;
		if (kept == 1)
			shift = (long)c->at.v[0].at - stated;
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

		if (c->at.n > 1 && narrow_to_line(c, stated + shift)) {
			c->site->doubtful = doubtful;
			c->site->by_line = doubtful;
		}
		if (c->at.n == 1)
			shift = (long)c->at.v[0].at - stated;
	}
}

static void say_places(struct choice *choice)
{
	struct rq_reason reason = { .code = RQ_REASON_SEVERAL };

	for (size_t k = 0; k < choice->at.n && k < MOST_LISTED; k++)
		*rq_vec_push(&reason.lines) = (long)choice->at.v[k].at + 1;
	reason.more = (long)choice->at.n - (long)reason.lines.n;
	choice->site->doubtful = choice->site->by_line = false;
	rq_site_reason(choice->site, &reason);
}

static bool is_before(const struct place *a, const struct place *b)
{
	return a->at != b->at ? a->at < b->at
			      : only_context(a->text) && !only_context(b->text);
}

static void add_places(struct choice *choice, const struct rq_site *site, bool with_post)
{
	size_t n_post = with_post ? site->post_at.n : 0;

	for (size_t i = 0, k = 0; i < site->pre_at.n || k < n_post;) {
		struct place old = { .text = &site->pre }, new = { .text = &site->post };

		if (i < site->pre_at.n)
			old.at = site->pre_at.v[i];
		if (k < n_post)
			new.at = site->post_at.v[k];
		if (k == n_post || (i < site->pre_at.n && !is_before(&new, &old))) {
			*rq_vec_push(&choice->at) = old;
			i++;
		} else {
			*rq_vec_push(&choice->at) = new;
			k++;
		}
	}
}

static void fill(struct choices *choices, bool with_post)
{
	for (size_t i = 0; i < choices->n; i++) {
		struct choice *c = &choices->v[i];
		struct rq_site *site = c->site;

		c->at.n = 0;
		if (!site->settled) {
			add_places(c, site, with_post);
			continue;
		}
		*rq_vec_push(&c->at) = (struct place){
			.at = site->at,
			.text = site->rung == RQ_PRESENT ? &site->post : &site->pre,
		};
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
		rq_site_say(site, RQ_REASON_NEW_OUT_OF_ORDER,
			    .line = (long)site->post_at.v[0] + 1);
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

/* Another hunk that has the place of @choice and no other; NULL: none. */
static const struct choice *rival_of(const struct choices *choices,
				     const struct choice *choice)
{
	for (size_t i = 0; i < choices->n; i++) {
		const struct choice *other = &choices->v[i];

		if (other != choice && other->at.n == 1 && choice->at.n == 1 &&
		    other->at.v[0].at == choice->at.v[0].at)
			return other;
	}
	return NULL;
}

static void say_order(const struct rq_job *job, struct choices *choices)
{
	for (size_t i = 0; i < choices->n; i++) {
		struct choice *c = &choices->v[i];
		const struct choice *rival = rq_file_spend(choices->file, choices->n)
						     ? rival_of(choices, c)
						     : NULL;

		if (c->site->settled)
			continue;
		if (rival)
			rq_site_say(c->site, RQ_REASON_CLAIMED,
				    .line = (long)c->at.v[0].at + 1,
				    .hunk = rival->site - job->sites + 1);
		else
			rq_site_say(c->site, RQ_REASON_OUT_OF_ORDER,
				    .line = (long)c->at.v[0].at + 1);
	}
}

/* Several assignments: results, functions, stated lines.  Returns how many are left. */
static unsigned choose(const struct rq_job *job, struct choices *choices)
{
	unsigned ways;

	by_result(choices);
	ways = count(choices);
	if (ways == 1)
		return ways;
	if (ways == 0)
		fill(choices, false);
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
		rq_site_say(site, RQ_REASON_MANY, .count = (long)site->pre_at.n,
			    .line = (long)site->pre_at.v[0] + 1);
		site->pre_at.n = 0;
	}
}

void rq_assign(struct rq_job *job)
{
	struct choices choices;
	unsigned ways;

	drop_meaningless(job);
	choices = gather(job, false);
	ways = count(&choices);
	/* Hashes the file, so it is asked only where order does not tell. */
	if (ways == 2 && rq_job_same_blob(job)) {
		by_line(&choices, false);
		ways = count(&choices);
	}
	if (ways == 0)
		say_order(job, &choices);
	if (ways == 2)
		ways = choose(job, &choices);
	if (ways == 1)
		narrow_to_it(&choices);
	/* What has one place has it in every assignment that there is. */
	for (size_t i = 0; ways && i < choices.n; i++) {
		const struct choice *c = &choices.v[i];

		if (c->at.n != 1)
			continue;
		c->site->at = c->at.v[0].at;
		c->site->assigned = true;
	}
	release(&choices);
}
