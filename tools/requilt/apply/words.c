// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three versions of a few lines, of which a merge by lines made a conflict, merged word by word.  Lines
 * are paired by likeness first.  A whole line that one side adds may not touch a line that the other adds
 * or takes away.  Within a line that both sides have, both may not edit the same operands: a comma, a
 * semicolon or a bracket is between their edits.
 */
#include "apply/apply_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util/cuse.h"

/* More lines, or words in a line, than this are no few. */
#define MOST_LINES 60
#define MOST_WORDS 160
/* So many words compared cost what a comparison of a line does. */
#define COMPARED 2
/* Of a hundred words of two lines so many at least are common where one was made of the other. */
#define ALIKE 50

typedef rq_vec(struct rq_slice) parts;

/* For each part of the base which of the other version it is, from 1; 0: none. */
struct pairs {
	size_t of[MOST_WORDS > MOST_LINES ? MOST_WORDS : MOST_LINES];
};

/* The operator of several characters that @s begins with; 1: there is none. */
static size_t operator_length(struct rq_slice s)
{
	static const char *const operators[] = {
		"<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=",
		"==",  "!=",  "&&",  "||", "+=", "-=", "*=", "/=", "%=", "&=",
		"|=",  "^=",  ":=",  "?=", "##", "/*", "*/", "//",
	};

	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		if (rq_slice_starts(s, operators[i]))
			return strlen(operators[i]);
	return 1;
}

/* An identifier or number, a string, blanks, or an operator or other character. */
static size_t word_length(struct rq_slice s)
{
	size_t n = 1;

	if (rq_is_word(*s.p)) {
		while (n < s.n && rq_is_word(s.p[n]))
			n++;
	} else if (isblank((unsigned char)*s.p)) {
		while (n < s.n && isblank((unsigned char)s.p[n]))
			n++;
	} else if (*s.p == '"') {
		while (n < s.n && s.p[n] != '"' && s.p[n] != '\n')
			n += s.p[n] == '\\' && n + 1 < s.n ? 2 : 1;
		n += n < s.n && s.p[n] == '"';
	} else {
		n = operator_length(s);
	}
	return n;
}

static void split_words(parts *out, struct rq_slice line)
{
	while (line.n) {
		size_t n = word_length(line);

		*rq_vec_push(out) = (struct rq_slice){ line.p, n };
		line.p += n;
		line.n -= n;
	}
}

static void split_lines(parts *out, struct rq_slice text)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line))
		*rq_vec_push(out) = line;
}

typedef unsigned score_fn(struct rq_slice a, struct rq_slice b);

/*
 * Fills @out, which is zeroed, with the pairs, in order, of which the scores sum up to most; returns that.
 * Of equally good ones it takes the first in the base, so that the answer is always the same.
 */
static unsigned pair_up(struct pairs *out, const parts *base, const parts *other,
			score_fn *score)
{
	size_t n = base->n, m = other->n, width = m + 1;
	unsigned *best = rq_xcalloc((n + 1) * width, sizeof(*best));
	unsigned *own = rq_xcalloc((n + 1) * width, sizeof(*own)), total;

	for (size_t i = n; i-- > 0;)
		for (size_t k = m; k-- > 0;) {
			unsigned *b = &best[i * width + k];
			unsigned s = score(base->v[i], other->v[k]);

			own[i * width + k] = s;
			*b = b[width] > b[1] ? b[width] : b[1];
			if (s && s + b[width + 1] > *b)
				*b = s + b[width + 1];
		}
	total = best[0];
	for (size_t i = 0, k = 0; out && i < n; i++) {
		while (k < m && best[i * width + k] == best[i * width + k + 1])
			k++;
		if (k < m && own[i * width + k] &&
		    best[i * width + k] ==
			    own[i * width + k] + best[(i + 1) * width + k + 1])
			out->of[i] = ++k;
	}
	free(best);
	free(own);
	return total;
}

static unsigned score_word(struct rq_slice a, struct rq_slice b)
{
	if (!rq_slice_eq(a, b))
		return 0;
	return rq_is_word(*a.p) || *a.p == '"' ? 8 : 1;
}

/* 200: the lines are equal; up to 100: they are alike; 0: they have too little in common. */
static unsigned score_line(struct rq_slice a, struct rq_slice b)
{
	parts x = { 0 }, y = { 0 };
	unsigned common, all = 0, alike = 0;

	if (rq_slice_eq(a, b))
		return 2 * 100;
	split_words(&x, a);
	split_words(&y, b);
	if (x.n && y.n && x.n < MOST_WORDS && y.n < MOST_WORDS) {
		common = pair_up(NULL, &x, &y, score_word);
		for (size_t i = 0; i < x.n; i++)
			all += score_word(x.v[i], x.v[i]);
		for (size_t i = 0; i < y.n; i++)
			all += score_word(y.v[i], y.v[i]);
		alike = 2 * 100 * common / all;
	}
	rq_vec_release(&x);
	rq_vec_release(&y);
	return alike >= ALIKE ? alike : 0;
}

struct side {
	parts all;
	struct pairs pairs;
	size_t next; /* the first part that is not used up */
};

/*
 * The parts that come before the base's part @i and belong to none: [*from, *to) of @side.  What stands in
 * the place of parts that are gone comes where these begin.
 */
static void added_before(const struct side *side, size_t base_n, size_t i, size_t *from,
			 size_t *to)
{
	*from = side->next;
	*to = side->all.n;
	for (; i < base_n; i++)
		if (side->pairs.of[i]) {
			*to = side->pairs.of[i] - 1;
			return;
		}
}

static bool same_parts(const struct side *a, size_t from, const struct side *b,
		       size_t other, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!rq_slice_eq(a->all.v[from + i], b->all.v[other + i]))
			return false;
	return true;
}

/* Whether @side lacks the base's part before or behind the gap at @i. */
static bool is_touched(const struct side *side, size_t base_n, size_t i)
{
	return (i > 0 && !side->pairs.of[i - 1]) || (i < base_n && !side->pairs.of[i]);
}

/* What one of the sides adds in front of the base's part @i; false where both do. */
static bool merge_gap(struct rq_str *out, size_t base_n, size_t i, struct side sides[2],
		      bool may_touch)
{
	size_t from[2], to[2];

	for (int s = 0; s < 2; s++)
		added_before(&sides[s], base_n, i, &from[s], &to[s]);
	if (to[0] > from[0] && to[1] > from[1] &&
	    (to[0] - from[0] != to[1] - from[1] ||
	     !same_parts(&sides[0], from[0], &sides[1], from[1], to[0] - from[0])))
		return false;
	for (int s = 0; s < 2; s++) {
		if (to[s] > from[s] && to[!s] == from[!s] && !may_touch &&
		    is_touched(&sides[!s], base_n, i))
			return false;
		if (s && to[0] > from[0])
			break;
		for (size_t k = from[s]; k < to[s]; k++)
			rq_str_add_slice(out, sides[s].all.v[k]);
	}
	sides[0].next = to[0];
	sides[1].next = to[1];
	return true;
}

static bool merge_line(struct rq_str *out, struct rq_slice base, struct rq_slice ours,
		       struct rq_slice theirs);

/* The base's part @i as both have it; *merged is where in @out the first is that both changed. */
static bool merge_part(struct rq_str *out, struct rq_slice base, size_t i,
		       struct side sides[2], bool lines, size_t *merged)
{
	struct rq_slice a, b;
	size_t of[2] = { sides[0].pairs.of[i], sides[1].pairs.of[i] };

	for (int s = 0; s < 2; s++)
		if (of[s])
			sides[s].next = of[s];
	if (!of[0] && !of[1])
		return true;
	/* One side takes away what the other has in other words. */
	if (!of[0] || !of[1])
		return rq_slice_eq(
			base, sides[of[0] ? 0 : 1].all.v[(of[0] ? of[0] : of[1]) - 1]);
	a = sides[0].all.v[of[0] - 1];
	b = sides[1].all.v[of[1] - 1];
	if (rq_slice_eq(a, base) || rq_slice_eq(a, b)) {
		rq_str_add_slice(out, b);
		return true;
	}
	if (rq_slice_eq(b, base)) {
		rq_str_add_slice(out, a);
		return true;
	}
	if (*merged > out->len)
		*merged = out->len;
	return lines && merge_line(out, base, a, b);
}

static bool merge_parts(struct rq_str *out, const parts *base, struct side sides[2],
			bool lines, size_t *merged)
{
	for (size_t i = 0; i <= base->n; i++)
		if (!merge_gap(out, base->n, i, sides, !lines) ||
		    (i < base->n &&
		     !merge_part(out, base->v[i], i, sides, lines, merged)))
			return false;
	return true;
}

static bool is_blank(struct rq_slice word)
{
	return isspace((unsigned char)*word.p);
}

static bool ends_operand(struct rq_slice word)
{
	return word.n == 1 && strchr(",;()[]{}", *word.p);
}

/* Who edits an operand, and who edits beside what ends one. */
enum { OURS = 1, THEIRS = 2, BESIDE = 4 };

/* Which words of a line stand in which operands, and which sides edit these. */
struct operands {
	size_t of[MOST_WORDS];		 /* per word; what ends one stands alone */
	unsigned edited[2 * MOST_WORDS]; /* by operand */
};

static void find_operands(struct operands *out, const parts *base)
{
	size_t n = 0;

	for (size_t i = 0; i < base->n; i++) {
		bool ends = ends_operand(base->v[i]);

		out->of[i] = n += ends && i > 0;
		n += ends;
	}
}

static void mark_beside(struct operands *o, const parts *base, size_t i, unsigned side)
{
	o->edited[o->of[i]] |= ends_operand(base->v[i]) ? side * BESIDE : side;
}

/*
 * Marks the operands of the words next to the gap at @i, across blanks: all that an edit there touches.
 * A comma or semicolon that the edit itself @begins or @ends with lies between it and these.
 */
static void touch(struct operands *o, const parts *base, size_t i, unsigned side,
		  bool begins, bool ends)
{
	size_t above = i, below = i;

	while (above > 0 && is_blank(base->v[above - 1]))
		above--;
	while (below < base->n && is_blank(base->v[below]))
		below++;
	if (above > 0 && !begins)
		mark_beside(o, base, above - 1, side);
	if (below < base->n && !ends)
		mark_beside(o, base, below, side);
}

static bool separates(struct rq_slice word)
{
	return word.n == 1 && (*word.p == ',' || *word.p == ';');
}

/* Marks what @side adds in front of the base's word @i. */
static void touch_added(struct operands *o, const parts *base, size_t i,
			const struct side *s, size_t from, size_t to, unsigned side)
{
	while (from < to && is_blank(s->all.v[from]))
		from++;
	while (to > from && is_blank(s->all.v[to - 1]))
		to--;
	if (from < to)
		touch(o, base, i, side, separates(s->all.v[from]),
		      separates(s->all.v[to - 1]));
}

/* Marks the operands that @s, one side of a line, edits. */
static void mark_edited(struct operands *o, const parts *base, const struct side *s,
			unsigned side)
{
	size_t next = 0;

	for (size_t i = 0; i <= base->n; i++) {
		size_t to = i == base->n ? s->all.n : s->pairs.of[i];

		if (i < base->n && !to) {
			if (is_blank(base->v[i]))
				continue;
			o->edited[o->of[i]] |= side;
			/* What was between two operands is gone. */
			touch(o, base, i, side, false, true);
			touch(o, base, i + 1, side, true, false);
			/* What another function is called with is not the same. */
			if (rq_is_word(*base->v[i].p) && i + 2 < base->n &&
			    *base->v[i + 1].p == '(')
				touch(o, base, i + 2, side, true, false);
			continue;
		}
		to -= i < base->n;
		touch_added(o, base, i, s, next, to, side);
		next = to + 1;
	}
}

/* Whether both sides edit the same operands. */
static bool edit_same(const parts *base, const struct side sides[2])
{
	struct operands o = { 0 };

	find_operands(&o, base);
	mark_edited(&o, base, &sides[0], OURS);
	mark_edited(&o, base, &sides[1], THEIRS);
	for (size_t i = 0; i < ARRAY_SIZE(o.edited); i++) {
		unsigned ours = o.edited[i] & (OURS | OURS * BESIDE);
		unsigned theirs = o.edited[i] & (THEIRS | THEIRS * BESIDE);

		if (ours && theirs && o.edited[i] & (OURS | THEIRS))
			return true;
	}
	return false;
}

/* Lines of fewer than MOST_WORDS words: those with more are not alike. */
static bool merge_line(struct rq_str *out, struct rq_slice base, struct rq_slice ours,
		       struct rq_slice theirs)
{
	struct side sides[2] = { 0 };
	parts words = { 0 };
	size_t merged = SIZE_MAX;
	bool good;

	split_words(&words, base);
	split_words(&sides[0].all, ours);
	split_words(&sides[1].all, theirs);
	pair_up(&sides[0].pairs, &words, &sides[0].all, score_word);
	pair_up(&sides[1].pairs, &words, &sides[1].all, score_word);
	good = !edit_same(&words, sides) &&
	       merge_parts(out, &words, sides, false, &merged);
	rq_vec_release(&words);
	rq_vec_release(&sides[0].all);
	rq_vec_release(&sides[1].all);
	return good;
}

/* Words of two texts are compared each with each. */
static size_t words_of(const parts *lines)
{
	size_t n = 0;

	for (size_t i = 0; i < lines->n; i++) {
		parts words = { 0 };

		split_words(&words, lines->v[i]);
		n += words.n;
		rq_vec_release(&words);
	}
	return n;
}

static bool may_compare(struct rq_file *file, const parts *base, const parts *ours,
			const parts *theirs)
{
	size_t n;

	if (base->n > MOST_LINES || ours->n > MOST_LINES || theirs->n > MOST_LINES)
		return false;
	n = words_of(base);
	return rq_file_spend(file, n * (words_of(ours) + words_of(theirs)) / COMPARED);
}

/* One line, of which one side made several: all is merged as one line is. */
static bool merge_across_lines(struct rq_str *out, const parts *base,
			       struct rq_slice ours, struct rq_slice theirs,
			       const parts *their_lines)
{
	const parts our_line = { .v = &ours, .n = 1 };

	return base->n == 1 && their_lines->n > 1 && score_line(base->v[0], ours) &&
	       words_of(base) < MOST_WORDS && words_of(&our_line) < MOST_WORDS &&
	       words_of(their_lines) < MOST_WORDS &&
	       merge_line(out, base->v[0], ours, theirs);
}

bool rq_merge_words(struct rq_str *out, struct rq_file *file, struct rq_slice base,
		    struct rq_slice ours, struct rq_slice theirs, size_t *merged)
{
	struct side sides[2] = { 0 };
	parts lines = { 0 };
	size_t before = out->len;
	bool good = false;

	split_lines(&lines, base);
	split_lines(&sides[0].all, ours);
	split_lines(&sides[1].all, theirs);
	*merged = SIZE_MAX;
	if (may_compare(file, &lines, &sides[0].all, &sides[1].all)) {
		pair_up(&sides[0].pairs, &lines, &sides[0].all, score_line);
		pair_up(&sides[1].pairs, &lines, &sides[1].all, score_line);
		good = merge_parts(out, &lines, sides, true, merged);
		if (!good && sides[0].all.n == 1) {
			out->len = *merged = before;
			good = merge_across_lines(out, &lines, ours, theirs,
						  &sides[1].all);
		}
	}
	rq_vec_release(&lines);
	rq_vec_release(&sides[0].all);
	rq_vec_release(&sides[1].all);
	return good;
}
