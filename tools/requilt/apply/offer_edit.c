// SPDX-License-Identifier: GPL-2.0-only
/*
 * Offers from a hunk's old text that was found in part: what the patch makes of each stretch of changed
 * lines there.  Where both sides add something, each order is one; where the branch has the lines in
 * other words, both are merged, or the patch's stand instead.  Weighs nothing: that is for who reads them.
 */
#include "apply/offer_internal.h"

#include <ctype.h>
#include <stdlib.h>

/* Offers of one alignment, and ways of one stretch. */
#define MOST_OFFERS 4
#define MOST_WAYS 2

/* A stretch of the hunk, and the lines of the file that it is about. */
struct site_stretch {
	struct rq_stretch of;
	size_t above,
		below; /* lines of the context beside it that the file does not have */
	size_t lo, hi; /* of the file, from 0: between its neighbours */
	bool has_lo, has_hi;
};

/* One way to make a stretch's change. */
struct way {
	enum rq_offer_kind kind;
	size_t at, old;
	long count; /* lines of the branch that are meant */
	struct rq_str text;
};

struct ways {
	struct way v[MOST_WAYS];
	size_t n;
};

struct making {
	const struct rq_job *job;
	const struct rq_site *site;
	const struct rq_alignment *a;
	size_t first, last; /* lines of the file that may change */
};

/* Where the stretch is between what was found around it. */
static void find_bounds(const struct making *m, struct site_stretch *s)
{
	size_t i = s->of.from;

	s->lo = m->first;
	s->hi = m->last;
	while (i > 0 && !m->a->of[i - 1])
		i--;
	s->above = s->of.from - i;
	s->has_lo = i > 0;
	if (i > 0)
		s->lo = m->a->of[i - 1];
	for (i = s->of.to; i < m->a->n && !m->a->of[i];)
		i++;
	s->below = i - s->of.to;
	s->has_hi = i < m->a->n;
	if (s->has_hi)
		s->hi = m->a->of[i] - 1;
}

/* How much deeper the branch has lines than the patch, or less deep. */
struct depth {
	struct rq_slice more;
	size_t less;
};

static size_t count_blanks(struct rq_slice line)
{
	size_t n = 0;

	while (n < line.n && isblank((unsigned char)line.p[n]))
		n++;
	return n;
}

static struct depth depth_of(struct rq_slice old, struct rq_slice line)
{
	size_t a = count_blanks(old), b = count_blanks(line);

	if (b > a && memcmp(line.p + b - a, old.p, a) == 0)
		return (struct depth){ .more = { line.p, b - a } };
	if (a > b && memcmp(old.p + a - b, line.p, b) == 0)
		return (struct depth){ .less = a - b };
	return (struct depth){ 0 };
}

/* That of the lines around the stretch, where all of them agree. */
static struct depth find_depth(const struct making *m, const struct site_stretch *s)
{
	size_t from = s->of.from > 2 ? s->of.from - 2 : 0;
	size_t to = s->of.to + 2 < m->a->n ? s->of.to + 2 : m->a->n;
	struct depth depth = { 0 };
	bool any = false;

	for (size_t i = from; i < to; i++) {
		struct depth one;

		if (!m->a->of[i] || !rq_line_weighs(m->site->pre.lines[i]))
			continue;
		one = depth_of(m->site->pre.lines[i],
			       m->job->file->lines[m->a->of[i] - 1]);
		if (any && (!rq_slice_eq(one.more, depth.more) || one.less != depth.less))
			return (struct depth){ 0 };
		depth = one;
		any = true;
	}
	return depth;
}

/* The lines of one side of the stretch. */
static void add_side(struct rq_str *out, const struct making *m,
		     const struct site_stretch *s, char sign, struct depth depth)
{
	for (size_t i = s->of.line; i < s->of.line + s->of.n; i++) {
		const struct rq_line *line = &m->site->hunk->lines[i];
		struct rq_slice text = line->text;
		size_t blanks = count_blanks(text);

		if (line->sign != sign)
			continue;
		if (rq_slice_trim(text).n)
			rq_str_add_slice(out, depth.more);
		blanks = blanks < depth.less ? blanks : depth.less;
		rq_str_add(out, text.p + blanks, text.n - blanks);
	}
}

static void add_lines(struct rq_str *out, const struct making *m, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		rq_str_add_slice(out, m->job->file->lines[i]);
}

static struct way *add_way(struct ways *ways, enum rq_offer_kind kind, size_t at,
			   size_t old)
{
	struct way *way = &ways->v[ways->n++];

	*way = (struct way){ .kind = kind, .at = at, .old = old, .count = (long)old };
	return way;
}

/* Lines that come: at the place, or on either side of what the branch has there. */
static bool find_insertions(struct ways *out, const struct making *m,
			    const struct site_stretch *s)
{
	struct depth depth = find_depth(m, s);
	long gap = (long)s->hi - (long)s->lo;

	if (!s->has_lo && !s->has_hi)
		return false;
	if (s->has_lo && s->has_hi && gap > 0) {
		/* What is between is the branch's, or what it has instead of lines of the context. */
		bool after = s->above > s->below;

		add_way(out, after ? RQ_OFFER_AFTER : RQ_OFFER_BEFORE,
			after ? s->hi : s->lo, 0);
		add_way(out, after ? RQ_OFFER_BEFORE : RQ_OFFER_AFTER,
			after ? s->lo : s->hi, 0);
		out->v[0].count = out->v[1].count = gap;
	} else {
		add_way(out, RQ_OFFER_PLACE, s->has_lo ? s->lo : s->hi, 0);
	}
	for (size_t i = 0; i < out->n; i++)
		add_side(&out->v[i].text, m, s, '+', depth);
	return true;
}

/* The lines of the file that the old lines of the stretch are, or that stand where they were. */
static bool find_old(size_t *at, size_t *end, const struct making *m,
		     const struct site_stretch *s)
{
	size_t i = s->of.from, k = s->of.to;

	while (i < s->of.to && !m->a->of[i])
		i++;
	while (k > i && !m->a->of[k - 1])
		k--;
	if (i < k) {
		size_t lead = i - s->of.from, trail = s->of.to - k;

		*at = m->a->of[i] - 1;
		*end = m->a->of[k - 1];
		*at -= *at - s->lo < lead ? *at - s->lo : lead;
		*end += s->hi - *end < trail ? s->hi - *end : trail;
		return true;
	}
	if (!s->has_lo || !s->has_hi || s->hi < s->lo)
		return false;
	*at = s->lo;
	*end = s->hi;
	if (s->hi - s->lo > s->above + s->below) {
		*at += s->above;
		*end -= s->below;
	}
	return true;
}

/* The branch's lines with the words that the patch changes. */
static bool merge_words(struct rq_str *out, const struct making *m,
			const struct site_stretch *s, size_t at, size_t end)
{
	struct rq_str base = { 0 }, ours = { 0 }, theirs = { 0 };
	size_t merged = SIZE_MAX;
	bool good;

	add_side(&base, m, s, '-', (struct depth){ 0 });
	add_side(&theirs, m, s, '+', (struct depth){ 0 });
	add_lines(&ours, m, at, end);
	good = rq_merge_words(out, m->job->file, rq_str_slice(&base), rq_str_slice(&ours),
			      rq_str_slice(&theirs), &merged) &&
	       !rq_slice_eq(rq_str_slice(out), rq_str_slice(&ours)) &&
	       !rq_slice_eq(rq_str_slice(out), rq_str_slice(&theirs));
	if (!good)
		out->len = 0;
	rq_str_release(&base);
	rq_str_release(&ours);
	rq_str_release(&theirs);
	return good;
}

static bool is_equal_at(const struct making *m, const struct site_stretch *s, size_t at,
			size_t end)
{
	if (end - at != s->of.to - s->of.from)
		return false;
	for (size_t i = 0; i < end - at; i++)
		if (!rq_slice_eq(m->site->pre.lines[s->of.from + i],
				 m->job->file->lines[at + i]))
			return false;
	return true;
}

/* Lines that go or change. */
static bool find_changes(struct ways *out, const struct making *m,
			 const struct site_stretch *s)
{
	struct rq_str merged = { 0 };
	struct depth depth;
	size_t at, end;

	if (!find_old(&at, &end, m, s))
		return false;
	if (is_equal_at(m, s, at, end)) {
		add_side(&add_way(out, RQ_OFFER_PLACE, at, end - at)->text, m, s, '+',
			 (struct depth){ 0 });
		return true;
	}
	depth = find_depth(m, s);
	if (!depth.more.n && !depth.less && merge_words(&merged, m, s, at, end))
		add_way(out, RQ_OFFER_WORDS, at, end - at)->text = merged;
	else
		rq_str_release(&merged);
	add_side(&add_way(out, RQ_OFFER_INSTEAD, at, end - at)->text, m, s, '+', depth);
	return true;
}

static void release_ways(struct ways *ways, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ways[i].n; k++)
			rq_str_release(&ways[i].v[k].text);
	free(ways);
}

/* The offer in which stretch i goes way bit i of @which. */
static bool combine(struct rq_offer *out, const struct making *m, const struct ways *ways,
		    size_t n, const size_t *which)
{
	size_t end = m->first;
	long count = 0;

	out->file = rq_xstrdup(m->job->file->path);
	out->kind = RQ_OFFER_PLACE;
	for (size_t i = 0; i < n; i++) {
		const struct way *way = &ways[i].v[which[i]];

		if (way->at < end || way->at + way->old > m->last)
			return false;
		end = way->at + way->old;
		rq_offer_edit(out, way->at, way->old, rq_str_slice(&way->text));
		/* The first that there is something to say of. */
		if (out->kind == RQ_OFFER_PLACE && way->kind != RQ_OFFER_PLACE) {
			out->kind = way->kind;
			out->line = (long)way->at + 1;
			count = way->count;
		}
		if (!out->line)
			out->line = (long)way->at + 1;
	}
	out->count = count;
	if (out->kind == RQ_OFFER_PLACE)
		out->line = (long)out->edits.v[0].at + 1;
	return true;
}

static bool same_edits(const struct rq_offer *a, const struct rq_offer *b)
{
	if (a->edits.n != b->edits.n)
		return false;
	for (size_t i = 0; i < a->edits.n; i++) {
		const struct rq_offer_edit *x = &a->edits.v[i], *y = &b->edits.v[i];

		if (x->at != y->at || x->old != y->old ||
		    !rq_slice_eq(rq_str_slice(&x->text), rq_str_slice(&y->text)))
			return false;
	}
	return true;
}

static void add_offer(struct rq_offers *out, const struct making *m,
		      const struct ways *ways, size_t n, const size_t *which)
{
	struct rq_offer offer = { 0 };
	bool good = out->v.n < MOST_OFFERS && combine(&offer, m, ways, n, which);

	for (size_t i = 0; i < out->v.n && good; i++)
		good = !same_edits(&offer, &out->v.v[i]);
	if (good)
		*rq_vec_push(&out->v) = offer;
	else
		rq_offer_release(&offer);
}

/* The first way of each stretch, then the second of each, then of one alone. */
static void add_offers(struct rq_offers *out, const struct making *m,
		       const struct ways *ways, size_t n)
{
	size_t *which = rq_xcalloc(n, sizeof(*which));

	add_offer(out, m, ways, n, which);
	for (size_t i = 0; i < n; i++)
		which[i] = ways[i].n - 1;
	add_offer(out, m, ways, n, which);
	for (size_t i = 0; i < n; i++) {
		memset(which, 0, n * sizeof(*which));
		which[i] = ways[i].n - 1;
		add_offer(out, m, ways, n, which);
	}
	free(which);
}

void rq_offers_of_alignment(struct rq_offers *out, const struct rq_job *job,
			    const struct rq_site *site, const struct rq_alignment *a,
			    size_t first, size_t last)
{
	const struct making m = {
		.job = job, .site = site, .a = a, .first = first, .last = last
	};
	size_t line = 0, old = 0, n = 0;
	struct ways *ways = rq_xcalloc(site->hunk->n_lines + 1, sizeof(*ways));
	struct site_stretch s = { 0 };
	bool good = true;

	while (good && rq_stretch_next(&s.of, site->hunk, &line, &old)) {
		find_bounds(&m, &s);
		good = s.of.from == s.of.to ? find_insertions(&ways[n], &m, &s)
					    : find_changes(&ways[n], &m, &s);
		n++;
	}
	if (good && n)
		add_offers(out, &m, ways, n);
	release_ways(ways, n);
}
