// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slow placer.  Ways to read a file are found by walking through all of them; nothing is
 * searched cleverly.
 */
#include "reference.h"

#include <ctype.h>
#include <stdlib.h>

#include "apply/naming_internal.h"

#define MEANINGLESS 65536     /* more places than this say nothing */
#define MOST_IN_FUNCTIONS 512 /* nor are more compared with the function's name */

struct text {
	struct rq_slice *v;
	size_t n;
};

struct place {
	size_t at;
	bool is_new; /* the hunk's new text stands there, not its old one */
};

struct spot {
	const struct rq_hunk *hunk;
	struct text was, is;	       /* old and new text */
	rq_vec(size_t) old_at, new_at; /* where they stand */
	rq_vec(struct place) offers;   /* what is open to it while ways are counted */
	bool settled, assigned, doubtful;
	bool by_line; /* the stated line alone made it doubtful */
	enum rq_outcome rung;
	size_t at;
};

struct work {
	const struct ref_lines *file;
	struct spot *v;
	size_t n;
	const struct rq_filediff *diff;
	enum rq_language language;
	bool same, all_there;
};

void ref_split(struct ref_lines *out, struct rq_slice text)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line))
		*rq_vec_push(&out->v) = line;
}

static struct text text_of(const struct rq_hunk *hunk, char sign)
{
	struct text text = { rq_xcalloc(hunk->n_lines, sizeof(*text.v)), 0 };

	for (size_t i = 0; i < hunk->n_lines; i++)
		if (hunk->lines[i].sign == ' ' || hunk->lines[i].sign == sign)
			text.v[text.n++] = hunk->lines[i].text;
	return text;
}

static size_t stated_old(const struct rq_hunk *hunk)
{
	if (hunk->old_start == 0)
		return 0;
	return (size_t)(hunk->old_count ? hunk->old_start - 1 : hunk->old_start);
}

static size_t stated_new(const struct rq_hunk *hunk)
{
	return (size_t)(hunk->new_start ? hunk->new_start - 1 : 0);
}

static bool stands(const struct work *w, const struct text *text, size_t at)
{
	if (at + text->n > w->file->v.n)
		return false;
	for (size_t i = 0; i < text->n; i++)
		if (!rq_slice_eq(text->v[i], w->file->v.v[at + i]))
			return false;
	return true;
}

static bool adds(const struct rq_hunk *hunk)
{
	for (size_t i = 0; i < hunk->n_lines; i++)
		if (hunk->lines[i].sign == '+')
			return true;
	return false;
}

static bool has_word(struct rq_slice line)
{
	size_t n = 0;

	for (size_t k = 0; k < line.n; k++)
		n += isalnum((unsigned char)line.p[k]) != 0;
	return n > 0;
}

static bool adds_words(const struct rq_hunk *hunk)
{
	for (size_t i = 0; i < hunk->n_lines; i++)
		if (hunk->lines[i].sign == '+' && has_word(hunk->lines[i].text))
			return true;
	return false;
}

/* --- functions --- */

static bool begins_with(struct rq_slice line, struct rq_slice start)
{
	return line.n >= start.n && memcmp(line.p, start.p, start.n) == 0;
}

/* What the line opens; that it is cut inside a name is for headings only. */
static bool opens(struct rq_name *name, const struct work *w, struct rq_slice line)
{
	unsigned char first = line.n ? (unsigned char)line.p[0] : 0;
	bool may = isalpha(first) || first == '_' || first == '$';

	*name = (struct rq_name){ .kind = RQ_NAME_OBJECT };
	if (w->language == RQ_TEXT)
		return may;
	return (may || w->language == RQ_DT) && rq_name_of(name, w->language, line) &&
	       !(name->open && name->kind == RQ_NAME_OBJECT);
}

/* A leading line, or one that this side of the hunk changes, opens what is changed. */
static bool opens_itself(const struct work *w, const struct rq_hunk *hunk, char sign)
{
	struct rq_name name;
	size_t first = 0;

	while (first < hunk->n_lines && hunk->lines[first].sign == ' ')
		first++;
	for (size_t i = 0; i < hunk->n_lines; i++) {
		bool leads = i < first;

		if (!leads && hunk->lines[i].sign != sign)
			continue;
		if (opens(&name, w, hunk->lines[i].text) && (leads || !name.declares))
			return true;
	}
	return false;
}

/* Ends in a semicolon before a brace, within so many lines. */
static bool is_prototype(const struct work *w, size_t line, const struct rq_name *name)
{
	long depth = 0;

	for (size_t i = line; i < line + 24 && i < w->file->v.n; i++)
		for (size_t k = 0; k < w->file->v.v[i].n; k++) {
			char c = w->file->v.v[i].p[k];

			depth += c == '(' ? 1 : c == ')' ? -1 : 0;
			if (depth == 0 && (c == ';' || c == '{'))
				return name->kind == RQ_NAME_FUNCTION && c == ';';
		}
	return false;
}

static bool is_cut(size_t n)
{
	return n == 40 || n >= 79;
}

/* False where the heading names nothing. */
static bool named_by(struct rq_name *name, const struct work *w,
		     const struct rq_hunk *hunk)
{
	size_t n = hunk->function.n;

	*name = (struct rq_name){ 0 };
	if (!n || w->language == RQ_TEXT)
		return n > 0;
	if (!rq_name_of(name, w->language, hunk->function))
		return false;
	return !name->open || name->kind != RQ_NAME_OBJECT || is_cut(n) ||
	       (n > 20 && n < 40);
}

/* How well the opening at @line is what the heading means: 0 not, 1 by name, 2 by the whole line. */
static int meant(const struct work *w, const struct rq_hunk *hunk,
		 const struct rq_name *want, size_t line)
{
	struct rq_slice text = rq_slice_trim(w->file->v.v[line]),
			heading = hunk->function;
	bool starts = begins_with(text, heading), whole = text.n == heading.n;
	struct rq_name have;

	if (!opens(&have, w, w->file->v.v[line]))
		return 0;
	if (w->language == RQ_TEXT)
		return starts;
	if (w->language != RQ_HEADER && !want->declares && is_prototype(w, line, &have))
		return 0;
	if (want->open && want->kind != RQ_NAME_SYMBOL) {
		if (starts && (is_cut(heading.n) || whole ||
			       isspace((unsigned char)text.p[heading.n])))
			return 1;
		if (want->kind != RQ_NAME_OBJECT && rq_name_eq(want, &have))
			return 1;
		return is_cut(heading.n) && begins_with(have.word, want->word);
	}
	if (starts && (whole || is_cut(heading.n)))
		return 2;
	return rq_name_eq(want, &have);
}

/* The line that opens what is around line @at; the number of lines where nothing does. */
static size_t opening_above(const struct work *w, size_t at)
{
	struct rq_name name;

	while (at-- > 0)
		if (opens(&name, w, w->file->v.v[at]))
			return at;
	return w->file->v.n;
}

static bool in_function(const struct work *w, const struct rq_hunk *hunk, char sign,
			size_t at)
{
	size_t above = opening_above(w, at);
	struct rq_name want;

	if (w->language != RQ_TEXT && opens_itself(w, hunk, sign))
		return true;
	return named_by(&want, w, hunk) && above < w->file->v.n &&
	       meant(w, hunk, &want, above);
}

static bool is_made(const struct work *w, size_t line)
{
	struct rq_name have, made;

	opens(&have, w, w->file->v.v[line]);
	for (size_t i = 0; i < w->diff->n_hunks; i++)
		for (size_t k = 0; k < w->diff->hunks[i].n_lines; k++)
			if (w->diff->hunks[i].lines[k].sign == '+' &&
			    opens(&made, w, w->diff->hunks[i].lines[k].text) &&
			    rq_name_eq(&made, &have))
				return true;
	return false;
}

struct says {
	int speaks; /* 1 for the place, -1 against it */
	bool named;
	size_t candidates;
};

static struct says evidence(const struct work *w, const struct rq_hunk *hunk, char sign,
			    size_t at)
{
	size_t above = opening_above(w, at), last = 0;
	bool inside = above < w->file->v.n;
	struct says says = { 0 };
	struct rq_name want;
	int best = 1, here;

	if (opens_itself(w, hunk, sign) ||
	    (sign == '+' && w->language != RQ_TEXT && inside && is_made(w, above))) {
		says.speaks = w->language != RQ_TEXT;
		return says;
	}
	if (!named_by(&want, w, hunk))
		return says;
	says.named = true;
	for (size_t i = 0; i < w->file->v.n; i++) {
		int m = meant(w, hunk, &want, i);

		if (m > best)
			says.candidates = 0;
		if (m > best)
			best = m;
		says.candidates += m == best;
		last = m == best ? i : last;
	}
	here = inside ? meant(w, hunk, &want, above) : 0;
	if (here && says.candidates == 1 && last == above)
		says.speaks = 1;
	else if (!here && (says.candidates || w->language != RQ_TEXT) && !want.declares)
		says.speaks = -1;
	return says;
}

/* What the hunk names is elsewhere in the file. */
static bool is_elsewhere(const struct work *w, const struct rq_hunk *hunk, char sign,
			 size_t at)
{
	struct says says = evidence(w, hunk, sign, at);

	return says.speaks < 0 && says.candidates;
}

/* --- where texts stand --- */

static bool may_be_new(const struct rq_hunk *hunk, size_t at)
{
	return hunk->leading || hunk->trailing || (long)at + 1 == hunk->new_start;
}

static bool among(const size_t *at, size_t n, size_t wanted)
{
	for (size_t i = 0; i < n; i++)
		if (at[i] == wanted)
			return true;
	return false;
}

static bool is_noop(const struct spot *s)
{
	for (size_t i = 0; i < s->was.n && i < s->is.n; i++)
		if (!rq_slice_eq(s->was.v[i], s->is.v[i]))
			return false;
	return s->was.n == s->is.n;
}

static bool stands_anywhere(const struct work *w, const struct text *text)
{
	for (size_t at = 0; text->n && at <= w->file->v.n; at++)
		if (stands(w, text, at))
			return true;
	return false;
}

/*
 * Less context at one end: the hunk belongs to that end of the file, @edge, if it stands there and
 * does not stand as a whole function at its stated line; else where it stands once.
 */
static void keep_edge(const struct work *w, struct spot *s)
{
	const struct rq_hunk *hunk = s->hunk;
	bool start = hunk->leading < hunk->trailing && hunk->old_start <= 1;
	bool end = hunk->trailing < hunk->leading;
	size_t edge = start ? 0 : w->file->v.n - s->was.n;
	bool there = among(s->old_at.v, s->old_at.n, edge);

	if (!s->old_at.n || (!start && !end))
		return;
	if (!there && stands_anywhere(w, &s->is)) {
		s->old_at.n = 0;
		return;
	}
	if (end && s != &w->v[w->n - 1])
		return;
	if (end && hunk->trailing && edge != stated_old(hunk) &&
	    among(s->old_at.v, s->old_at.n, stated_old(hunk)))
		return;
	if (there) {
		s->old_at.v[0] = edge;
		s->old_at.n = 1;
	} else if (start || !hunk->trailing) {
		s->doubtful = s->old_at.n == 1;
		s->old_at.n = s->doubtful;
	}
}

static void find_places(struct work *w, struct spot *s)
{
	for (size_t at = 0; s->was.n && at <= w->file->v.n; at++)
		if (stands(w, &s->was, at))
			*rq_vec_push(&s->old_at) = at;
	keep_edge(w, s);
	if (is_noop(s) && !w->all_there)
		return;
	if (!adds(s->hunk) && !w->all_there && s->old_at.n)
		return;
	for (size_t at = 0; s->is.n && at <= w->file->v.n; at++)
		if (stands(w, &s->is, at) && may_be_new(s->hunk, at))
			*rq_vec_push(&s->new_at) = at;
}

static bool may_insert(const struct work *w, const struct spot *s, long at)
{
	return at >= 0 && at <= (long)w->file->v.n &&
	       !is_elsewhere(w, s->hunk, '-', (size_t)at);
}

/* Nothing to go by: where the hunk beside it says, else at its line. */
static void find_insertion(struct work *w, size_t i)
{
	struct spot *s = &w->v[i], *beside = NULL;
	long at = (long)stated_old(s->hunk), shifted = at;
	bool known = w->same || !w->file->v.n;

	for (size_t k = i; k-- > 0 && !beside;)
		beside = w->v[k].was.n && w->v[k].old_at.n == 1 ? &w->v[k] : NULL;
	for (size_t k = i + 1; k < w->n && !beside; k++)
		beside = w->v[k].was.n && w->v[k].old_at.n == 1 ? &w->v[k] : NULL;
	if (beside)
		shifted += (long)beside->old_at.v[0] - (long)stated_old(beside->hunk);
	s->doubtful = !known;
	if (known && at <= (long)w->file->v.n)
		*rq_vec_push(&s->old_at) = (size_t)at;
	else if (!known && may_insert(w, s, shifted))
		*rq_vec_push(&s->old_at) = (size_t)shifted;
	else if (!known && may_insert(w, s, at))
		*rq_vec_push(&s->old_at) = (size_t)at;
}

/* Whether hunks from @i on have their new text, in order, from line @from on. */
static bool rest_there(const struct work *w, size_t i, size_t from)
{
	const struct spot *s = &w->v[i];

	if (i == w->n)
		return true;
	for (size_t at = from; s->is.n && at <= w->file->v.n; at++)
		if (stands(w, &s->is, at) && may_be_new(s->hunk, at) &&
		    ((long)at + 1 == s->hunk->new_start ||
		     !is_elsewhere(w, s->hunk, '+', at)) &&
		    rest_there(w, i + 1, at + s->is.n - s->hunk->trailing))
			return true;
	return false;
}

static bool whole_patch_there(const struct work *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (adds_words(w->v[i].hunk))
			return rest_there(w, 0, 0);
	return false;
}

/* --- ways to read the file --- */

static const struct text *text_at(const struct spot *s, const struct place *p)
{
	return p->is_new ? &s->is : &s->was;
}

/* The first line behind what changes there. */
static size_t changed_end(const struct spot *s, const struct place *p)
{
	return p->at + text_at(s, p)->n - s->hunk->trailing;
}

/* No changed line there: only a gap between two. */
static bool is_gap(const struct spot *s, const struct place *p)
{
	return text_at(s, p)->n == s->hunk->leading + s->hunk->trailing;
}

static bool in_order(const struct spot *a, const struct place *pa, const struct spot *b,
		     const struct place *pb)
{
	size_t end = changed_end(a, pa);

	return pb->at >= end &&
	       !(is_gap(a, pa) && is_gap(b, pb) && pb->at + b->hunk->leading == end);
}

/*
 * Counts the ways to give every spot from @i on that offers something one of its offers; stops at
 * two.  The first way found is kept in @way.
 */
static void walk(const struct work *w, size_t i, const struct spot *last,
		 const struct place *last_at, struct place *now, struct place *way,
		 unsigned *ways)
{
	while (i < w->n && !w->v[i].offers.n)
		i++;
	if (i == w->n) {
		if (!(*ways)++)
			memcpy(way, now, w->n * sizeof(*way));
		return;
	}
	for (size_t k = 0; k < w->v[i].offers.n && *ways < 2; k++) {
		now[i] = w->v[i].offers.v[k];
		if (!last || in_order(last, last_at, &w->v[i], &now[i]))
			walk(w, i + 1, &w->v[i], &now[i], now, way, ways);
	}
}

static unsigned count_ways(const struct work *w, struct place *way)
{
	struct place *now = rq_xcalloc(w->n, sizeof(*now));
	unsigned ways = 0;

	walk(w, 0, NULL, NULL, now, way, &ways);
	free(now);
	return ways;
}

static void offer(struct work *w, bool with_new)
{
	for (size_t i = 0; i < w->n; i++) {
		struct spot *s = &w->v[i];

		s->offers.n = 0;
		if (s->settled && s->rung == RQ_PRESENT)
			*rq_vec_push(&s->offers) = (struct place){ s->at, true };
		if (s->settled)
			continue;
		for (size_t k = 0; k < s->old_at.n && k < MEANINGLESS; k++)
			*rq_vec_push(&s->offers) =
				(struct place){ s->old_at.v[k], false };
		for (size_t k = 0; with_new && k < s->new_at.n && k < MEANINGLESS; k++)
			*rq_vec_push(&s->offers) = (struct place){ s->new_at.v[k], true };
	}
}

/* --- what is there already --- */

static void old_or_new(struct work *w, struct place *way)
{
	size_t offering = 0, any = 0;
	unsigned ways;

	for (size_t i = 0; i < w->n; i++)
		any += w->v[i].new_at.n;
	if (!any)
		return;
	offer(w, true);
	ways = count_ways(w, way);
	for (size_t i = 0; i < w->n; i++)
		offering += w->v[i].offers.n > 0;
	for (size_t i = 0; i < w->n; i++) {
		if (ways == 0 && !w->v[i].old_at.n)
			w->v[i].new_at.n = 0;
		if (ways == 1 && offering == w->n && way[i].is_new)
			w->v[i].old_at.n = 0;
		else if (ways == 1 && offering == w->n)
			w->v[i].new_at.n = 0;
	}
}

static size_t in_its_function(const struct work *w, const struct spot *s, char sign,
			      const size_t *at, size_t n)
{
	size_t fit = 0;

	for (size_t i = 0; i < n; i++)
		fit += in_function(w, s->hunk, sign, at[i]);
	return fit;
}

static bool new_as_stated(const struct spot *s)
{
	for (size_t i = 0; i < s->new_at.n; i++)
		if (s->new_at.v[i] == stated_new(s->hunk))
			return true;
	return false;
}

static void settle(struct spot *s, enum rq_outcome rung, size_t at)
{
	s->settled = true;
	s->rung = rung;
	s->at = at;
	s->doubtful = s->by_line = false;
}

/* At its stated line; else in its function, the last of them; else the first. */
static void settle_present(const struct work *w, struct spot *s)
{
	size_t at = s->new_at.v[0];

	for (size_t i = 0; i < s->new_at.n; i++)
		if (in_function(w, s->hunk, '+', s->new_at.v[i]))
			at = s->new_at.v[i];
	settle(s, RQ_PRESENT, new_as_stated(s) ? stated_new(s->hunk) : at);
}

/* How often the first run of added lines stands in the file, when the change begins with it. */
static size_t times_added(const struct work *w, const struct spot *s)
{
	const struct rq_hunk *hunk = s->hunk;
	struct text run = { s->is.v + hunk->leading, 0 };
	size_t times = 0, i = hunk->leading;

	if (i == hunk->n_lines || hunk->lines[i].sign != '+')
		return 0;
	for (; i < hunk->n_lines && hunk->lines[i].sign == '+'; i++)
		run.n++;
	for (size_t at = 0; at < w->file->v.n; at++)
		times += stands(w, &run, at);
	return times;
}

static bool overlaps(const struct spot *s, size_t line)
{
	for (size_t i = 0; i < s->new_at.n; i++)
		if (line < s->new_at.v[i] + s->is.n && s->new_at.v[i] < line + s->was.n)
			return true;
	return false;
}

static bool all_overlap(const struct spot *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->old_at.n; i++)
		n += overlaps(s, s->old_at.v[i]);
	return n == s->old_at.n;
}

/* All others have their old text, one of them that only; with @exact at their stated lines. */
static bool others_old(const struct work *w, const struct spot *s, bool exact)
{
	size_t old_only = 0;

	for (const struct spot *o = w->v; o < w->v + w->n; o++) {
		if (o == s)
			continue;
		if (o->settled || !o->old_at.n ||
		    (exact && !among(o->old_at.v, o->old_at.n, stated_old(o->hunk))))
			return false;
		old_only += !o->new_at.n;
	}
	return old_only > 0;
}

/*
 * The old text at the stated line (shifted as the nearest hunk that has only its old text, once),
 * the new text elsewhere.  That is sure if the two overlap and no other hunk has its new text.
 */
static bool old_as_stated(const struct work *w, struct spot *s)
{
	long stated = (long)stated_old(s->hunk), line = stated, me = s - w->v;
	bool exact = others_old(w, s, true), old = others_old(w, s, false);

	for (long far = (long)w->n - 1; far > 0; far--)
		for (long i = me + far; i >= me - far; i -= 2 * far) {
			const struct spot *o = i >= 0 && i < (long)w->n ? &w->v[i] : NULL;

			if (o && !o->settled && o->old_at.n == 1 && !o->new_at.n)
				line = stated + (long)o->old_at.v[0] -
				       (long)stated_old(o->hunk);
		}
	if (old && s->old_at.n == 1 && overlaps(s, s->old_at.v[0]))
		line = (long)s->old_at.v[0];
	if (w->n == 1 && !among(s->old_at.v, s->old_at.n, (size_t)line) &&
	    all_overlap(s)) {
		s->doubtful = true;
		s->new_at.n = 0;
		return true;
	}
	if (line < 0 || !among(s->old_at.v, s->old_at.n, (size_t)line) ||
	    (line != stated && !old))
		return false;
	if ((line != stated || !exact) &&
	    (among(s->new_at.v, s->new_at.n, (size_t)line) || new_as_stated(s)))
		return false;
	s->doubtful |= !(overlaps(s, (size_t)line) && (old || w->n == 1));
	s->old_at.v[0] = (size_t)line;
	s->old_at.n = 1;
	s->new_at.n = 0;
	return true;
}

static void judge_both(const struct work *w, struct spot *s)
{
	bool was = in_its_function(w, s, '-', s->old_at.v, s->old_at.n) > 0;
	bool is = in_its_function(w, s, '+', s->new_at.v, s->new_at.n) > 0;
	size_t a = s->old_at.v[0], b = s->new_at.v[0];
	bool touch = a < b + s->is.n && b < a + s->was.n;

	if (was && !is)
		return;
	if ((is && !was) || (w->all_there && new_as_stated(s) && adds(s->hunk)) ||
	    (w->all_there && is_noop(s)) ||
	    (w->all_there && touch && times_added(w, s) == 1))
		settle_present(w, s);
	else if (!old_as_stated(w, s))
		s->old_at.n = 0;
}

static bool removed_are_gone(const struct work *w, const struct rq_hunk *hunk)
{
	size_t removed = 0;

	for (size_t i = 0; i < hunk->n_lines; i++) {
		if (hunk->lines[i].sign != '-' || !rq_slice_trim(hunk->lines[i].text).n)
			continue;
		removed++;
		for (size_t k = 0; k < w->file->v.n; k++)
			if (rq_slice_eq(w->file->v.v[k], hunk->lines[i].text))
				return false;
	}
	return removed > 0;
}

static void judge_presence(const struct work *w, struct spot *s)
{
	bool vouched = w->all_there && new_as_stated(s);
	size_t elsewhere = 0;

	if (!s->was.n && !w->all_there)
		return;
	if (s->old_at.n && s->new_at.n) {
		judge_both(w, s);
	} else if (s->new_at.n) {
		for (size_t i = 0; i < s->new_at.n; i++)
			elsewhere += is_elsewhere(w, s->hunk, '+', s->new_at.v[i]);
		if (!vouched && elsewhere == s->new_at.n)
			return;
		if (w->all_there || adds_words(s->hunk))
			settle_present(w, s);
		else if (!adds(s->hunk) && removed_are_gone(w, s->hunk))
			settle(s, RQ_ABSENT, 0);
	} else if (!s->old_at.n && !adds(s->hunk) && removed_are_gone(w, s->hunk)) {
		settle(s, RQ_ABSENT, 0);
	}
}

/* --- which place --- */

static void keep_functions(struct work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct spot *s = &w->v[i];
		rq_vec(struct place) fit = { 0 };

		for (size_t k = 0; s->offers.n > 1 && s->offers.n <= MOST_IN_FUNCTIONS &&
				   k < s->offers.n;
		     k++)
			if (in_function(w, s->hunk, '-', s->offers.v[k].at))
				*rq_vec_push(&fit) = s->offers.v[k];
		if (fit.n)
			memcpy(s->offers.v, fit.v, fit.n * sizeof(*fit.v));
		if (fit.n)
			s->offers.n = fit.n;
		rq_vec_release(&fit);
	}
}

/* The file with the change of @s alone, made at @at. */
static struct rq_str made_at(const struct work *w, const struct spot *s, size_t at)
{
	size_t from = at + s->hunk->leading, to = at + s->was.n - s->hunk->trailing;
	struct rq_str out = { 0 };

	for (size_t i = 0; i < from; i++)
		rq_str_add_slice(&out, w->file->v.v[i]);
	for (size_t i = s->hunk->leading; i < s->is.n - s->hunk->trailing; i++)
		rq_str_add_slice(&out, s->is.v[i]);
	for (size_t i = to; i < w->file->v.n; i++)
		rq_str_add_slice(&out, w->file->v.v[i]);
	return out;
}

static bool makes_the_same(const struct work *w, const struct spot *s, size_t a, size_t b)
{
	struct rq_str one = made_at(w, s, a), other = made_at(w, s, b);
	bool same = rq_slice_eq(rq_str_slice(&one), rq_str_slice(&other));

	rq_str_release(&one);
	rq_str_release(&other);
	return same;
}

/* Of neighbours that make the same file, the one nearest to the stated line; the first of two. */
static void keep_results(struct work *w)
{
	long shift = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct spot *s = &w->v[i];
		long want = (long)stated_old(s->hunk) + shift;
		rq_vec(struct place) kept = { 0 };

		for (size_t k = 0; k < s->offers.n; k++) {
			struct place p = s->offers.v[k];

			if (s->settled || !k ||
			    !makes_the_same(w, s, s->offers.v[k - 1].at, p.at))
				*rq_vec_push(&kept) = p;
			else if (labs((long)p.at - want) <
				 labs((long)kept.v[kept.n - 1].at - want))
				kept.v[kept.n - 1] = p;
		}
		if (kept.n)
			memcpy(s->offers.v, kept.v, kept.n * sizeof(*kept.v));
		s->offers.n = kept.n;
		if (kept.n == 1)
			shift = (long)kept.v[0].at - (long)stated_old(s->hunk);
		rq_vec_release(&kept);
	}
}

static void keep_lines(struct work *w, bool doubtful)
{
	long shift = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct spot *s = &w->v[i];
		long want = (long)stated_old(s->hunk) + shift;

		for (size_t k = 0; s->offers.n > 1 && k < s->offers.n; k++)
			if ((long)s->offers.v[k].at == want) {
				s->offers.v[0] = s->offers.v[k];
				s->offers.n = 1;
				s->doubtful = doubtful;
				s->by_line = doubtful;
			}
		if (s->offers.n == 1)
			shift = (long)s->offers.v[0].at - (long)stated_old(s->hunk);
	}
}

static void drop_meaningless(struct work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct spot *s = &w->v[i];

		if (s->settled || s->old_at.n <= MEANINGLESS)
			continue;
		s->old_at.v[0] = stated_old(s->hunk);
		s->old_at.n = w->same;
	}
}

static void assign(struct work *w, struct place *way)
{
	unsigned ways;

	drop_meaningless(w);
	offer(w, false);
	ways = count_ways(w, way);
	if (ways == 2 && w->same) {
		keep_lines(w, false);
		ways = count_ways(w, way);
	}
	if (ways == 2) {
		keep_results(w);
		ways = count_ways(w, way);
		if (ways == 0) {
			offer(w, false);
			ways = 2;
		}
	}
	if (ways == 2) {
		keep_functions(w);
		ways = count_ways(w, way);
		if (ways == 0) {
			offer(w, false);
			ways = count_ways(w, way);
		}
		if (ways == 2) {
			keep_lines(w, true);
			ways = count_ways(w, way);
		}
	}
	for (size_t i = 0; i < w->n && ways; i++) {
		struct spot *s = &w->v[i];

		s->assigned =
			!s->settled && (ways == 1 ? s->offers.n > 0 : s->offers.n == 1);
		if (s->assigned)
			s->at = way[i].at;
	}
}

/* A hunk that only removes, found elsewhere than stated: what it leaves may stand there, too. */
static bool may_be_done(const struct work *w, const struct spot *s)
{
	bool here = in_function(w, s->hunk, '-', s->at);

	for (size_t at = 0; !adds(s->hunk) && s->is.n && at < w->file->v.n; at++) {
		bool apart = at + s->is.n <= s->at || at >= s->at + s->was.n;

		if (apart && stands(w, &s->is, at) && may_be_new(s->hunk, at) &&
		    (!here || in_function(w, s->hunk, '+', at)))
			return true;
	}
	return false;
}

static void place_assigned(struct work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct spot *s = &w->v[i];
		bool stated = s->at == stated_old(s->hunk);

		if (!s->assigned)
			continue;
		s->settled = true;
		s->rung = stated ? RQ_EXACT : RQ_OFFSET;
		if (!stated && !w->same && may_be_done(w, s))
			s->doubtful = true;
	}
}

/* --- what is made a second time --- */

/* Lines of the file, from @from on and before @to, and whether they are a table's. */
struct range {
	size_t from, to;
	bool table;
};

/* A piece that a hunk adds in one go: the lines of it that have words, and how long it is with the others. */
struct piece {
	rq_vec(struct rq_slice) words;
	size_t length;
	size_t at; /* the line of the file in front of which it comes */
	bool opens;
};

static bool starts_something(struct rq_slice line)
{
	struct rq_slice text = rq_slice_trim(line);
	bool label = text.n && text.p[text.n - 1] == ':';

	return line.n && (isalpha((unsigned char)line.p[0]) || line.p[0] == '_') &&
	       !label;
}

/* The piece whose first line is line @i of the hunk; empty where none starts there. */
static struct piece piece_at(const struct spot *s, size_t i)
{
	const struct rq_line *lines = s->hunk->lines;
	struct piece piece = { .at = s->at };
	size_t first = 0;

	for (size_t k = 0; k < i; k++)
		piece.at += lines[k].sign != '+';
	if (i && lines[i - 1].sign == '+')
		return piece;
	for (size_t k = i; k < s->hunk->n_lines && lines[k].sign == '+'; k++) {
		if (!has_word(lines[k].text))
			continue;
		if (!piece.words.n)
			first = k;
		*rq_vec_push(&piece.words) = lines[k].text;
		piece.length = k + 1 - first;
		piece.opens |= starts_something(lines[k].text);
	}
	return piece;
}

static size_t times_among(const struct rq_slice *v, size_t n, struct rq_slice line)
{
	size_t times = 0;

	for (size_t i = 0; i < n; i++)
		times += rq_slice_eq(v[i], line);
	return times;
}

/* Words that the old text of the hunk does not have. */
static size_t unseen(const struct spot *s, const struct piece *piece)
{
	size_t n = 0;

	for (size_t i = 0; i < piece->words.n; i++)
		n += !times_among(s->was.v, s->was.n, piece->words.v[i]);
	return n;
}

/* What opens something is compared with the whole file, the rest with its function or table. */
static struct range range_of(const struct work *w, const struct piece *piece)
{
	struct range range = { 0, w->file->v.n, false };
	struct rq_slice opening = { 0 };

	if (piece->opens)
		return range;
	for (size_t i = 0; i < w->file->v.n; i++) {
		if (!starts_something(w->file->v.v[i]))
			continue;
		if (i < piece->at) {
			range.from = i + 1;
			opening = w->file->v.v[i];
		} else if (i < range.to) {
			range.to = i;
		}
	}
	range.table = range.from && (memchr(opening.p, '=', opening.n) ||
				     !memchr(opening.p, '(', opening.n));
	return range;
}

/* Whether the patch changes something within these lines: they move, or are broken up. */
static bool is_changed(const struct work *w, size_t from, size_t to)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct spot *s = &w->v[i];
		size_t start = s->at + s->hunk->leading;
		size_t end = s->at + s->was.n - s->hunk->trailing;

		if ((s->rung == RQ_EXACT || s->rung == RQ_OFFSET) && start < to &&
		    end > from)
			return true;
	}
	return false;
}

/* Where the piece ends if it stands at @at, lines without words left out; 0 if it does not. */
static size_t piece_end(const struct work *w, const struct piece *piece, size_t at,
			const struct range *range)
{
	size_t next = 0;

	if (!rq_slice_eq(w->file->v.v[at], piece->words.v[0]))
		return 0;
	for (size_t k = at; k < range->to; k++) {
		if (!has_word(w->file->v.v[k]))
			continue;
		if (!rq_slice_eq(w->file->v.v[k], piece->words.v[next]))
			return 0;
		if (++next == piece->words.n)
			return is_changed(w, at, k + 1) ? 0 : k + 1;
	}
	return 0;
}

/* How often the piece stands there, the first and those behind it with a line between at most two apart. */
static size_t times_there(const struct work *w, const struct piece *piece,
			  const struct range *range)
{
	size_t times = 0, end = 0;

	for (size_t at = range->from; at < range->to; at++) {
		size_t here = piece_end(w, piece, at, range);

		if (!here || (times && at > end + 2))
			continue;
		times++;
		end = here;
	}
	return times;
}

/* The piece with a few lines changed, which the hunk's own place touches. */
static bool stands_changed(const struct work *w, const struct spot *s,
			   const struct piece *piece, const struct range *range,
			   size_t at)
{
	size_t reach = piece->length + 8, pos = at, found = 0, own = 0;

	if (at + reach < piece->at || at >= piece->at + reach ||
	    !rq_slice_eq(w->file->v.v[at], piece->words.v[0]))
		return false;
	for (size_t i = 0; i < piece->words.n; i++)
		for (size_t k = pos;
		     k < pos + 4 && k < range->to && k < piece->at + reach; k++) {
			struct rq_slice line = w->file->v.v[k];

			if (!rq_slice_eq(line, piece->words.v[i]))
				continue;
			own += !times_among(s->was.v, s->was.n, line) &&
			       times_among(w->file->v.v + range->from,
					   range->to - range->from, line) == 1;
			found++;
			pos = k + 1;
			break;
		}
	return found * 3 >= piece->words.n * 2 && own >= 2 && s->at < pos &&
	       at < s->at + s->was.n && !is_changed(w, at, pos);
}

static bool is_second(const struct work *w, const struct spot *s,
		      const struct piece *piece)
{
	struct range range;
	size_t times, other = 0, exact = 0;

	if (piece->words.n < 2 || !unseen(s, piece))
		return false;
	for (size_t i = 0; i < w->n; i++) {
		const struct spot *o = &w->v[i];

		exact += o->rung == RQ_EXACT;
		other += o != s && !o->doubtful && adds_words(o->hunk);
	}
	range = range_of(w, piece);
	times = times_there(w, piece, &range);
	if (s->rung == RQ_EXACT && (times > 1 || (exact == w->n && other)))
		return false;
	if (times)
		return true;
	for (size_t at = range.from;
	     at < range.to && !range.table && piece->words.n >= 4 && piece->length <= 200;
	     at++)
		if (stands_changed(w, s, piece, &range, at))
			return true;
	return false;
}

/* What a hunk adds is there already, and its author does not show that it was. */
static void doubt_seconds(struct work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct spot *s = &w->v[i];
		bool placed = s->rung == RQ_EXACT || s->rung == RQ_OFFSET;

		for (size_t k = 0; placed && !is_noop(s) && !w->same && !s->doubtful &&
				   k < s->hunk->n_lines;
		     k++) {
			struct piece piece = piece_at(s, k);

			s->doubtful = is_second(w, s, &piece);
			rq_vec_release(&piece.words);
		}
	}
}

/* --- what is in doubt --- */

/* From where the patch, and the hunks that are there already, put it. */
static long moved_by(const struct work *w, const struct spot *s)
{
	long at = (long)s->at - (long)stated_old(s->hunk);

	for (const struct spot *k = w->v; k < s; k++)
		if (k->rung == RQ_PRESENT)
			at -= k->hunk->new_count - k->hunk->old_count;
	return at;
}

static const struct spot *beside(const struct work *w, const struct spot *s, int step)
{
	for (s += step; s >= w->v && s < w->v + w->n; s += step)
		if (s->rung != RQ_ABSENT)
			return s;
	return NULL;
}

static bool moved_like_beside(const struct work *w, const struct spot *s)
{
	const struct spot *before = beside(w, s, -1), *after = beside(w, s, 1);

	if (!before && !after)
		return moved_by(w, s) == 0;
	return (before && moved_by(w, before) == moved_by(w, s)) ||
	       (after && moved_by(w, after) == moved_by(w, s));
}

static bool reads_alike(const struct work *w, const struct spot *s, long at)
{
	size_t said = 0, same = 0;

	if (at < 0 || at + (long)s->was.n > (long)w->file->v.n)
		return false;
	for (size_t i = 0; i < s->was.n; i++) {
		bool says = has_word(s->was.v[i]);

		said += says;
		same += says && rq_slice_eq(s->was.v[i], w->file->v.v[at + (long)i]);
	}
	return same < said && same * 10 >= said * 7;
}

static bool has_nearer_twin(const struct work *w, const struct spot *s)
{
	const struct spot *near = beside(w, s, -1) ? beside(w, s, -1) : beside(w, s, 1);
	long at = (long)s->at, n = (long)s->was.n, want = at - moved_by(w, s);

	if (near)
		want += moved_by(w, near);
	for (long k = 0; k < (long)w->file->v.n; k++)
		if (labs(k - want) < labs(at - want) && (k + n <= at || at + n <= k) &&
		    reads_alike(w, s, k))
			return true;
	return false;
}

/* Nothing but the lines that it takes away, which its name does not tell from others. */
static bool one_of_several(const struct spot *s, const struct says *says)
{
	return says->candidates > 1 && !s->hunk->leading && !s->hunk->trailing;
}

static bool shown_by_earlier(const struct work *w, const struct spot *s)
{
	size_t above = opening_above(w, s->at);

	for (const struct spot *k = w->v; k < s; k++)
		if ((k->rung == RQ_EXACT || k->rung == RQ_OFFSET) &&
		    above < w->file->v.n && above >= k->at && above < k->at + k->was.n &&
		    moved_by(w, k) == moved_by(w, s))
			return true;
	return false;
}

static bool all_present(const struct work *w)
{
	size_t end = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct spot *s = &w->v[i];
		struct says says;

		if (s->rung != RQ_PRESENT || s->at < end)
			return false;
		end = s->at + s->is.n - s->hunk->trailing;
		says = evidence(w, s->hunk, '+', s->at);
		if (says.named && !says.candidates)
			return false;
	}
	return w->n > 1;
}

static void doubt(struct work *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!w->v[i].settled)
			return;
	for (size_t i = 0; i < w->n; i++) {
		struct spot *s = &w->v[i];
		bool there = s->rung == RQ_PRESENT;
		struct says says = evidence(w, s->hunk, there ? '+' : '-', s->at);
		bool one = says.named && says.candidates < 2;

		if (s->rung == RQ_ABSENT)
			continue;
		if (there)
			s->doubtful =
				says.speaks < 0 ||
				(!says.speaks && !(!one && moved_like_beside(w, s)) &&
				 !all_present(w));
		else if (says.speaks < 0 && !w->same && !shown_by_earlier(w, s))
			s->by_line = !(s->doubtful = true);
		else if (!says.speaks && !w->same && s->rung == RQ_OFFSET && !s->doubtful)
			s->doubtful = !moved_like_beside(w, s) &&
				      (one_of_several(s, &says) || has_nearer_twin(w, s));
	}
	doubt_seconds(w);
}

/* A patch that is exact in all: what is above a sure place is where it was. */
static void trust_lines(struct work *w)
{
	bool below = false;

	for (size_t i = 0; i < w->n; i++)
		if (!w->v[i].settled || w->v[i].rung != RQ_EXACT ||
		    (w->v[i].doubtful && !w->v[i].by_line))
			return;
	for (size_t i = w->n; i-- > 0;) {
		below |= !w->v[i].doubtful;
		w->v[i].doubtful &= !below;
	}
}

/* --- the answer --- */

/* False behind a line without a newline. */
static bool add(struct rq_str *out, struct rq_slice line)
{
	bool may = !out->len || out->s[out->len - 1] == '\n';

	rq_str_add_slice(out, line);
	return may;
}

static bool edit(struct rq_str *out, const struct work *w)
{
	bool good = true;
	size_t pos = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct spot *s = &w->v[i];

		if (s->rung != RQ_EXACT && s->rung != RQ_OFFSET)
			continue;
		for (; pos < s->at + s->hunk->leading; pos++)
			good &= add(out, w->file->v.v[pos]);
		for (size_t k = s->hunk->leading; k < s->is.n - s->hunk->trailing; k++)
			good &= add(out, s->is.v[k]);
		pos = s->at + s->was.n - s->hunk->trailing;
	}
	for (; pos < w->file->v.n; pos++)
		good &= add(out, w->file->v.v[pos]);
	return good;
}

static void answer(struct ref_answer *out, const struct work *w)
{
	out->placed = true;
	for (size_t i = 0; i < w->n; i++) {
		const struct spot *s = &w->v[i];
		bool nowhere = !s->settled || s->rung == RQ_ABSENT;

		*rq_vec_push(&out->hunks) = (struct ref_hunk){
			.rung = s->settled ? s->rung : RQ_CONFLICT,
			.line = nowhere ? 0 : (long)s->at + 1,
			.doubtful = !nowhere && s->doubtful,
		};
		out->placed &= s->settled;
	}
	if (out->placed)
		out->placed = edit(&out->text, w);
}

void ref_place(struct ref_answer *out, struct rq_slice file, const char *path,
	       const struct rq_filediff *diff, bool same)
{
	struct ref_lines lines = { 0 };
	struct work w = { .file = &lines,
			  .v = rq_xcalloc(diff->n_hunks, sizeof(*w.v)),
			  .n = diff->n_hunks,
			  .diff = diff,
			  .language = rq_language_of(path),
			  .same = same };
	struct place *way = rq_xcalloc(w.n, sizeof(*way));

	ref_split(&lines, file);
	for (size_t i = 0; i < w.n; i++) {
		w.v[i].hunk = &diff->hunks[i];
		w.v[i].was = text_of(w.v[i].hunk, '-');
		w.v[i].is = text_of(w.v[i].hunk, '+');
	}
	w.all_there = whole_patch_there(&w);
	for (size_t i = 0; i < w.n; i++)
		find_places(&w, &w.v[i]);
	for (size_t i = 0; i < w.n; i++)
		if (!w.v[i].was.n)
			find_insertion(&w, i);
	if (!same)
		old_or_new(&w, way);
	for (size_t i = 0; i < w.n && !same; i++)
		judge_presence(&w, &w.v[i]);
	assign(&w, way);
	place_assigned(&w);
	doubt(&w);
	trust_lines(&w);
	answer(out, &w);
	for (size_t i = 0; i < w.n; i++) {
		free(w.v[i].was.v);
		free(w.v[i].is.v);
		rq_vec_release(&w.v[i].old_at);
		rq_vec_release(&w.v[i].new_at);
		rq_vec_release(&w.v[i].offers);
	}
	free(w.v);
	free(way);
	rq_vec_release(&lines.v);
}

void ref_release(struct ref_answer *answer)
{
	rq_vec_release(&answer->hunks);
	rq_str_release(&answer->text);
}

void ref_compare(struct rq_str *out, const struct ref_answer *want,
		 const struct rq_entry_record *have, struct rq_slice text)
{
	size_t seen = 0;
	bool placed = true;

	for (size_t i = 0; i < have->hunks.n; i++) {
		const struct rq_hunk_record *h = &have->hunks.v[i];
		const struct ref_hunk *r;

		placed &= h->rung != RQ_CONFLICT;
		if (!h->hunk || h->hunk > (long)want->hunks.n)
			continue;
		seen++;
		r = &want->hunks.v[h->hunk - 1];
		if (h->rung != r->rung || h->line != r->line ||
		    h->doubtful != r->doubtful)
			rq_str_addf(out,
				    "hunk %ld: %s line %ld%s, the reference says %s line "
				    "%ld%s\n",
				    h->hunk, rq_outcome_word(h->rung), h->line,
				    h->doubtful ? " in doubt" : "",
				    rq_outcome_word(r->rung), r->line,
				    r->doubtful ? " in doubt" : "");
	}
	if (seen != want->hunks.n)
		rq_str_addf(out, "%zu of %zu hunks are recorded\n", seen, want->hunks.n);
	if (placed != want->placed)
		rq_str_addf(out, "%s, the reference says otherwise\n",
			    placed ? "placed" : "refused");
	else if (placed && !rq_slice_eq(text, rq_str_slice(&want->text)))
		rq_str_adds(out, "the new text differs from the reference's\n");
}
