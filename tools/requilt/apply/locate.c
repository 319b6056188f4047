// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a run of lines stands in a file.  Finds every place and prefers none.
 */
#include "apply/apply_internal.h"

#include <limits.h>

/* What a place costs: with the lines that are compared, the places are bounded. */
#define PLACE_COST 256
/* A search looks at little of a line: so many cost what a comparison does. */
#define SEARCHED 8
/* Bytes of a line that cost what another line does. */
#define LONG_LINE 64
/* A near match is only for a message: the first lines of a huge hunk will do. */
#define NEAR_LINES 200

size_t rq_hunk_stated(const struct rq_hunk *hunk)
{
	/* "-12,0" means behind line 12; "-12,3" starts at line 12. */
	return hunk->old_count || !hunk->old_start
		       ? (size_t)(hunk->old_start ? hunk->old_start - 1 : 0)
		       : (size_t)hunk->old_start;
}

static bool stands_at(struct rq_file *file, const struct rq_image_text *text, size_t at)
{
	for (size_t i = 0; i < text->n; i++)
		if (!rq_file_spend(file, 1 + text->lines[i].n / LONG_LINE) ||
		    !rq_slice_eq(file->lines[at + i], text->lines[i]))
			return false;
	return rq_file_spend(file, PLACE_COST);
}

/* The longest line is the one least likely to be met by chance: look for it first. */
static size_t longest(const struct rq_image_text *text)
{
	size_t best = 0;

	for (size_t i = 1; i < text->n; i++)
		if (text->lines[i].n > text->lines[best].n)
			best = i;
	return best;
}

static void search(struct rq_file *file, const struct rq_image_text *text, size_t first,
		   size_t last, rq_places *out)
{
	size_t key = longest(text);
	const struct rq_slice *lines = file->lines + key, want = text->lines[key];

	if (last >= first && !rq_file_spend(file, (last - first) / SEARCHED + 1))
		return;
	/* Most of the time goes here: a line of another length costs one comparison. */
	for (size_t at = first; at <= last; at++)
		if (lines[at].n == want.n && rq_slice_eq(lines[at], want) &&
		    stands_at(file, text, at))
			*rq_vec_push(out) = at;
}

static void look_up(struct rq_file *file, const struct rq_line_index *index,
		    const struct rq_image_text *text, size_t first, size_t last,
		    rq_places *out)
{
	size_t key = rq_line_index_rarest(index, text);
	size_t line = rq_line_index_first(index, text->lines[key]);

	for (; line && rq_file_spend(file, 1); line = rq_line_index_next(index, line))
		if (line > key + first && line - 1 - key <= last &&
		    stands_at(file, text, line - 1 - key))
			*rq_vec_push(out) = line - 1 - key;
}

void rq_locate(struct rq_file *file, const struct rq_image_text *text,
	       const struct rq_hunk *hunk, bool anchored, rq_places *out)
{
	const struct rq_line_index *index;
	size_t first = 0, last;

	if (file->mode == RQ_MODE_NONE || text->n > file->n_lines)
		return;
	last = file->n_lines - text->n;
	if (anchored && text->trail < text->lead)
		first = last;
	if (anchored && text->lead < text->trail && hunk->old_start <= 1)
		last = 0;
	if (!text->n)
		return;
	index = rq_line_index_of(file);
	if (index)
		look_up(file, index, text, first, last, out);
	else
		search(file, text, first, last, out);
}

struct near_match {
	size_t at, equal, far; /* @far: from the stated line */
};

/* The search for a near match: what it looks for, where it is preferred, and what it found. */
struct near_search {
	struct rq_file *file;
	const struct rq_image_text *text;
	size_t most;		 /* lines of the text that are looked at */
	bool counts[NEAR_LINES]; /* whether each says something */
	size_t expected;
	size_t from, to; /* of what the hunk names */
	struct near_match best, named;
};

/* Of places with as many equal lines the nearest to the stated line, and of these the first. */
static void prefer(struct near_match *best, size_t at, size_t equal, size_t expected)
{
	size_t far = at > expected ? at - expected : expected - at;

	if (!equal || equal < best->equal)
		return;
	if (equal == best->equal &&
	    (far > best->far || (far == best->far && at > best->at)))
		return;
	*best = (struct near_match){ .at = at, .equal = equal, .far = far };
}

static void prefer_place(struct near_search *s, size_t at, size_t equal)
{
	prefer(&s->best, at, equal, s->expected);
	if (at + s->most > s->from && at < s->to)
		prefer(&s->named, at, equal, s->expected);
}

static bool near_by_search(struct near_search *s)
{
	struct rq_file *file = s->file;

	if (!rq_file_spend(file, file->n_lines * s->most))
		return false;
	for (size_t at = 0; at < file->n_lines; at++) {
		size_t equal = 0;

		for (size_t i = 0; i < s->most && at + i < file->n_lines; i++)
			equal += s->counts[i] &&
				 rq_slice_eq(file->lines[at + i], s->text->lines[i]);
		prefer_place(s, at, equal);
	}
	return true;
}

/* Each line of the text speaks for the places that its equals in the file make of it. */
static bool near_by_index(struct near_search *s, const struct rq_line_index *index)
{
	struct rq_file *file = s->file;
	_cleanup_free_ unsigned char *equal = rq_xcalloc(file->n_lines, 1);

	_Static_assert(NEAR_LINES <= UCHAR_MAX, "counted in bytes");
	if (!rq_file_spend(file, file->n_lines / LONG_LINE))
		return false;
	for (size_t i = 0; i < s->most; i++) {
		struct rq_slice want = s->text->lines[i];
		size_t line = s->counts[i] ? rq_line_index_first(index, want) : 0;

		for (; line; line = rq_line_index_next(index, line)) {
			size_t at = line - 1 - i;

			if (!rq_file_spend(file, 1))
				return false;
			if (line > i && rq_slice_eq(file->lines[line - 1], want))
				prefer_place(s, at, ++equal[at]);
		}
	}
	return true;
}

/* Where nothing of the text says anything, all of it counts. */
static void find_counting(struct near_search *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->most; i++)
		n += s->counts[i] = rq_line_weighs(s->text->lines[i]);
	for (size_t i = 0; !n && i < s->most; i++)
		s->counts[i] = true;
}

static void find_named(struct near_search *s, const struct rq_filediff *diff,
		       const struct rq_hunk *hunk)
{
	struct rq_evidence evidence;

	rq_evidence_of(&evidence, s->file, diff, hunk, '-',
		       s->expected < s->file->n_lines ? s->expected : s->file->n_lines);
	if (!evidence.meant)
		return;
	rq_region_around(s->file, evidence.meant, &s->from, &s->to);
	rq_file_spend(s->file, s->to - s->from);
	s->from = evidence.meant - 1;
}

/* The place in what the hunk names, where half as much of the text is as elsewhere. */
static const struct near_match *choose(const struct near_search *s)
{
	return s->named.equal && 2 * s->named.equal >= s->best.equal ? &s->named
								     : &s->best;
}

bool rq_near_match(struct rq_file *file, const struct rq_image_text *text,
		   const struct rq_filediff *diff, const struct rq_hunk *hunk, size_t *at,
		   size_t *equal)
{
	struct near_search s = { .file = file,
				 .text = text,
				 .most = text->n < NEAR_LINES ? text->n : NEAR_LINES,
				 .expected = rq_hunk_stated(hunk) };
	const struct rq_line_index *index = rq_line_index_of(file);

	*at = *equal = 0;
	find_counting(&s);
	find_named(&s, diff, hunk);
	if (index ? !near_by_index(&s, index) : !near_by_search(&s))
		return false;
	*at = choose(&s)->at;
	for (size_t i = 0; choose(&s)->equal && i < text->n && *at + i < file->n_lines;
	     i++)
		*equal += rq_slice_eq(file->lines[*at + i], text->lines[i]);
	return true;
}
