// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hunk's old text beside a part of a file, line by line: equal lines, lines with other blanks, and lines
 * that share most of their text.  Says where lines are, and nothing of whether that is enough.
 */
#include "apply/offer_internal.h"

#include <ctype.h>
#include <stdlib.h>

/* So many lines are compared with so many. */
#define MOST_OLD 300
#define MOST_FILE 2000

/* What a pair of lines says; a line that says nothing counts beside another pair only. */
enum {
	SAYS_EQUAL = 16,
	SAYS_BLANKS = 14,
	SAYS_WORDS = 7,
	SAYS_LIGHT = 1,
	SAYS_BESIDE = 3
};

struct table {
	struct rq_file *file;
	const struct rq_image_text *text;
	size_t from, wide;  /* lines of the file, and how many columns */
	bool *weighs;	    /* per old line */
	unsigned char *how; /* per pair its likeness */
	int *pair, *best; /* the most that is said from a pair on, and from a place on */
};

static bool equal_but_blanks(struct rq_slice a, struct rq_slice b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.n && isspace((unsigned char)a.p[i]))
			i++;
		while (k < b.n && isspace((unsigned char)b.p[k]))
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if (a.p[i++] != b.p[k++])
			return false;
	}
}

/* Whether what they begin and end with is three fifths of the longer one. */
static bool mostly_equal(struct rq_slice a, struct rq_slice b)
{
	size_t longer, shorter, head = 0, tail = 0;

	a = rq_slice_trim(a);
	b = rq_slice_trim(b);
	longer = a.n > b.n ? a.n : b.n;
	shorter = a.n < b.n ? a.n : b.n;
	if (shorter * 5 < longer * 2)
		return false;
	while (head < shorter && a.p[head] == b.p[head])
		head++;
	while (tail < shorter - head && a.p[a.n - 1 - tail] == b.p[b.n - 1 - tail])
		tail++;
	return (head + tail) * 5 >= longer * 3;
}

static enum rq_likeness likeness(struct rq_slice old, struct rq_slice line, bool weighs)
{
	if (rq_slice_eq(old, line))
		return RQ_LIKE_EQUAL;
	if (equal_but_blanks(old, line))
		return RQ_LIKE_BUT_BLANKS;
	return weighs && mostly_equal(old, line) ? RQ_LIKE_WORDS : RQ_LIKE_NOTHING;
}

static int says(const struct table *t, size_t i, size_t j)
{
	switch ((enum rq_likeness)t->how[i * t->wide + j]) {
	case RQ_LIKE_EQUAL:
		return t->weighs[i] ? SAYS_EQUAL : SAYS_LIGHT;
	case RQ_LIKE_BUT_BLANKS:
		return t->weighs[i] ? SAYS_BLANKS : SAYS_LIGHT;
	case RQ_LIKE_WORDS:
		return SAYS_WORDS;
	case RQ_LIKE_NOTHING:
		break;
	}
	return 0;
}

static bool paired(const struct table *t, size_t i, size_t j)
{
	return i < t->text->n && j + 1 < t->wide && t->how[i * t->wide + j];
}

/* The most that is said by a pair and what comes after it. */
static int most_from(const struct table *t, size_t i, size_t j)
{
	size_t next = (i + 1) * t->wide + j + 1;
	int most = t->best[next];

	if (paired(t, i + 1, j + 1) && t->pair[next] + SAYS_BESIDE > most)
		most = t->pair[next] + SAYS_BESIDE;
	return most + says(t, i, j);
}

static void fill(struct table *t)
{
	for (size_t i = t->text->n; i-- > 0;) {
		t->weighs[i] = rq_line_weighs(t->text->lines[i]);
		for (size_t j = t->wide - 1; j-- > 0;) {
			size_t at = i * t->wide + j;
			int down = t->best[at + t->wide], right = t->best[at + 1];

			t->how[at] = likeness(t->text->lines[i],
					      t->file->lines[t->from + j], t->weighs[i]);
			t->best[at] = down > right ? down : right;
			if (!t->how[at])
				continue;
			t->pair[at] = most_from(t, i, j);
			if (t->pair[at] > t->best[at])
				t->best[at] = t->pair[at];
		}
	}
}

static void trace(struct rq_alignment *out, const struct table *t)
{
	size_t i = 0, j = 0;
	bool beside = false;

	while (i < t->text->n && j + 1 < t->wide) {
		size_t at = i * t->wide + j;
		int least = t->best[at];

		/* What counts for standing beside the pair before is not in .best. */
		if (paired(t, i, j) &&
		    t->pair[at] + (beside ? SAYS_BESIDE : 0) >= least) {
			out->of[i] = t->from + j + 1;
			out->how[i] = (enum rq_likeness)t->how[at];
			i++;
			j++;
			beside = true;
			continue;
		}
		beside = false;
		if (t->best[at + t->wide] == least)
			i++;
		else
			j++;
	}
}

/* Pairs in a row of which none says anything are met by chance. */
static void drop_chance(struct rq_alignment *out, const struct table *t)
{
	for (size_t i = 0, end; i < t->text->n; i = end) {
		bool weighs = t->weighs[i];

		for (end = i + 1; end < t->text->n && out->of[end] &&
				  out->of[end] == out->of[end - 1] + 1;
		     end++)
			weighs |= t->weighs[end];
		for (size_t k = i; k < end && !weighs; k++) {
			out->of[k] = 0;
			out->how[k] = RQ_LIKE_NOTHING;
		}
	}
}

static void count(struct rq_alignment *out, const struct table *t)
{
	for (size_t i = 0; i < t->text->n; i++) {
		out->said += t->weighs[i];
		out->found += t->weighs[i] && out->of[i];
		out->equal += t->weighs[i] && out->how[i] >= RQ_LIKE_BUT_BLANKS;
	}
}

bool rq_align(struct rq_alignment *out, struct rq_file *file,
	      const struct rq_image_text *text, size_t from, size_t to)
{
	struct table t = { .file = file, .text = text, .from = from };
	size_t cells;

	*out = (struct rq_alignment){ .n = text->n };
	if (to > file->n_lines)
		to = file->n_lines;
	if (!text->n || text->n > MOST_OLD || from >= to || to - from > MOST_FILE ||
	    !rq_file_spend(file, (to - from) * text->n / 16))
		return false;
	t.wide = to - from + 1;
	cells = (text->n + 1) * t.wide;
	t.weighs = rq_xcalloc(text->n, sizeof(*t.weighs));
	t.how = rq_xcalloc(cells, sizeof(*t.how));
	t.pair = rq_xcalloc(cells, sizeof(*t.pair));
	t.best = rq_xcalloc(cells, sizeof(*t.best));
	out->of = rq_xcalloc(text->n, sizeof(*out->of));
	out->how = rq_xcalloc(text->n, sizeof(*out->how));
	fill(&t);
	trace(out, &t);
	drop_chance(out, &t);
	count(out, &t);
	free(t.weighs);
	free(t.how);
	free(t.pair);
	free(t.best);
	return true;
}

void rq_alignment_release(struct rq_alignment *alignment)
{
	free(alignment->of);
	free(alignment->how);
	*alignment = (struct rq_alignment){ 0 };
}
