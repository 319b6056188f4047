// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts of hunks, from the lines that are there.  Where a hunk ends is read off its lines, and lines that
 * the counts of its header are right for are its own.  Else the counts only decide whether an empty line, or
 * "-- ", at the end is a line of the hunk.
 */
#include "patch/recount.h"

#include <stdio.h>
#include <stdlib.h>

#include "patch/patch_internal.h"
#include "util/mem.h"
#include "util/vec.h"

struct counter {
	const char *name;
	rq_vec(struct rq_slice) lines; /* of the file, with their newlines */
	size_t at;
	bool in_file; /* behind "+++", or a hunk of that file */
	long shift;   /* how much more earlier hunks of the file add now than they said */
	struct rq_str *out;
	struct rq_names *said;
	struct rq_err *err;
};

/* No file has lines with numbers of ten digits. */
#define LAST_LINE 999999999

#define refuse(c, i, ...)                               \
	(rq_err_set((c)->err, RQ_EFORMAT, __VA_ARGS__), \
	 rq_err_prefix((c)->err, "%s:%zu: ", (c)->name, (i) + 1))

static struct rq_slice line_at(const struct counter *c, size_t i)
{
	return i < c->lines.n ? c->lines.v[i] : (struct rq_slice){ "", 0 };
}

static bool read_header(struct rq_hunk *hunk, struct rq_slice line)
{
	return rq_hunk_read_header(hunk, line) && hunk->old_start <= LAST_LINE &&
	       hunk->old_count <= LAST_LINE && hunk->new_start <= LAST_LINE &&
	       hunk->new_count <= LAST_LINE;
}

/* From the second "@@" on. */
static struct rq_slice rest_of(struct rq_slice header)
{
	const char *rest = memmem(header.p + 2, header.n - 2, "@@", 2);

	return (struct rq_slice){ rest, (size_t)(header.p + header.n - rest) };
}

static bool is_hunk(const struct counter *c, size_t i)
{
	struct rq_hunk ignored;

	return read_header(&ignored, line_at(c, i));
}

/* "--- a/x", "+++ b/x" and a hunk: two names, or a line that goes and one that comes. */
static bool is_names(const struct counter *c, size_t i)
{
	return rq_slice_starts(line_at(c, i), "--- ") &&
	       rq_slice_starts(line_at(c, i + 1), "+++ ") && is_hunk(c, i + 2);
}

/* Whether a file name stands there, as diff writes one: with a directory, or a date behind a tab. */
static bool is_name(struct rq_slice line)
{
	struct rq_slice text = { line.p + 4, line.n - 4 };

	return memchr(text.p, '\t', text.n) ||
	       (memchr(text.p, '/', text.n) &&
		!memchr(text.p, ' ', rq_slice_chomp(text).n));
}

static bool is_diff(struct rq_slice line)
{
	return rq_slice_starts(line, "diff ") || rq_slice_starts(line, "Index: ");
}

static bool has_sign(struct rq_slice line)
{
	return line.n && (line.p[0] == '\\' || rq_hunk_sign(line));
}

static bool is_empty(struct rq_slice line)
{
	return !line.n || rq_hunk_sign(line) == '\n';
}

/* Whether a line of a change, or an empty one of context, may follow somewhere before the next diff. */
static bool changes_follow(const struct counter *c, size_t i)
{
	for (; i < c->lines.n; i++) {
		struct rq_slice line = line_at(c, i);

		if (is_diff(line) || is_hunk(c, i) || is_names(c, i))
			return is_hunk(c, i);
		/* A signature: what follows is a mail's. */
		if (rq_slice_eq(rq_slice_chomp(line), RQ_SLICE("-- ")))
			return false;
		if (line.n && strchr("+-", line.p[0]))
			return true;
	}
	return false;
}

static bool is_dashes(const struct counter *c, size_t i)
{
	return rq_slice_eq(rq_slice_chomp(line_at(c, i)), RQ_SLICE("-- "));
}

/* Something begins there that is neither a line of a hunk nor text. */
static bool is_next(const struct counter *c, size_t i)
{
	return is_diff(line_at(c, i)) || is_hunk(c, i) || is_names(c, i);
}

/* "-- ", and what is no line of a hunk, or nothing: where git and mailers sign. */
static bool is_signature(const struct counter *c, size_t i)
{
	struct rq_slice behind = line_at(c, i + 1);

	return is_dashes(c, i) &&
	       (is_empty(behind) || !has_sign(behind) || is_next(c, i + 1));
}

/* One without text below it may be a line that goes. */
static bool is_unclear(const struct counter *c, size_t i)
{
	return is_signature(c, i) && (is_empty(line_at(c, i + 1)) || is_next(c, i + 1));
}

/* "-- " and a version: the parser, too, takes that for git's signature. */
static bool is_signature_of_git(const struct counter *c, size_t i)
{
	struct rq_slice behind = line_at(c, i + 1);

	return is_dashes(c, i) && behind.n && behind.p[0] >= '0' && behind.p[0] <= '9';
}

struct body {
	size_t end;	   /* behind its last line */
	long old, new;	   /* lines that it has */
	long changes;	   /* of them with '+' or '-' */
	size_t empty_from; /* empty lines without a sign at its end begin here */
};

static void count_line(struct body *b, struct rq_slice line)
{
	char sign = rq_hunk_sign(line);

	b->old += sign && sign != '+';
	b->new += sign &&sign != '-';
	b->changes += sign == '+' || sign == '-';
}

static bool has_counts(const struct body *b, const struct rq_hunk *h)
{
	return b->old == h->old_count && b->new == h->new_count;
}

/* Takes as many lines as the header says, where all of them can be lines of the hunk. */
static void take_whole(struct body *b, const struct counter *c, const struct rq_hunk *h)
{
	struct body whole = { .end = c->at + 1 };
	size_t i;

	for (i = whole.end; whole.old < h->old_count || whole.new < h->new_count; i++) {
		struct rq_slice line = line_at(c, i);

		if (!has_sign(line) || is_names(c, i) || is_signature_of_git(c, i))
			return;
		count_line(&whole, line);
	}
	whole.end = i;
	if (has_counts(&whole, h))
		*b = whole;
}

/* Whether the hunk ends in front of line @i; an error where that cannot be told. */
static int ends_at(bool *ends, const struct counter *c, size_t i)
{
	struct rq_slice line = line_at(c, i);

	*ends = i >= c->lines.n || is_diff(line) || is_hunk(c, i) || is_signature(c, i);
	if (*ends)
		return 0;
	if (is_names(c, i)) {
		*ends = is_name(line) && is_name(line_at(c, i + 1));
		if (!*ends)
			return refuse(c, i,
				      "a header of a file, or a line that goes and one "
				      "that comes; put a 'diff --git' line in front of a "
				      "header");
		return 0;
	}
	if (has_sign(line) || is_empty(line))
		return 0;
	if (changes_follow(c, i))
		return refuse(
			c, i,
			"begins with neither ' ', '+', '-' nor '\\'; join it to the "
			"line before it, or give it its sign");
	*ends = true;
	return 0;
}

/* Empty lines at the end are the hunk's where the counts say so, and text where these say that. */
static int settle_empty(struct body *b, const struct counter *c, const struct rq_hunk *h)
{
	long empty = (long)(b->end - b->empty_from);

	if (!empty || has_counts(b, h))
		return 0;
	for (long n = empty; n > 0; n--)
		if (b->old - n == h->old_count && b->new - n == h->new_count) {
			b->end -= (size_t)n;
			b->old -= n;
			b->new -= n;
			return 0;
		}
	return refuse(
		c, b->empty_from,
		"an empty line at the end of a hunk; write a blank in it where it is "
		"of the file, else remove it");
}

/* It is a signature where the counts are right without it, and something is changed. */
static int settle_dashes(const struct body *b, const struct counter *c, size_t i,
			 const struct rq_hunk *h)
{
	if (!is_unclear(c, i) || (has_counts(b, h) && b->changes))
		return 0;
	return refuse(c, i,
		      "'-- ' is a line that goes, or a mail's signature; remove the "
		      "signature, or say in the '@@' line how many lines the hunk has");
}

static int read_body(struct body *b, const struct counter *c, const struct rq_hunk *h)
{
	size_t i;
	bool ends = false;
	int rc;

	b->end = c->at + 1;
	take_whole(b, c, h);
	b->empty_from = i = b->end;
	rc = ends_at(&ends, c, i);
	while (!rc && !ends) {
		struct rq_slice line = line_at(c, i);

		if (line.p[0] != '\\')
			count_line(b, line);
		i++;
		if (!is_empty(line))
			b->empty_from = i;
		rc = ends_at(&ends, c, i);
	}
	b->end = i;
	if (rc)
		return rc;
	if (!b->old && !b->new)
		return refuse(c, c->at, "a hunk without lines");
	rc = settle_empty(b, c, h);
	return rc ? rc : settle_dashes(b, c, i, h);
}

static void print_range(struct rq_str *out, char sign, long start, long count)
{
	rq_str_addf(out, count == 1 ? "%c%ld" : "%c%ld,%ld", sign, start, count);
}

/* An empty side names the line before it. */
static long moved_start(long start, long count_was, long count_is)
{
	return start + (!count_was && count_is ? 1 : count_was && !count_is ? -1 : 0);
}

static void print_header(struct counter *c, const struct rq_hunk *h, const struct body *b)
{
	struct rq_slice line = line_at(c, c->at);
	size_t from = c->out->len;
	long old_start = moved_start(h->old_start, h->old_count, b->old);
	long new_start = moved_start(h->new_start, h->new_count, b->new) + c->shift;

	if (b->old == h->old_count && b->new == h->new_count && !c->shift) {
		rq_str_add_slice(c->out, line);
		return;
	}
	rq_str_adds(c->out, "@@ ");
	print_range(c->out, '-', old_start > 0 ? old_start : 0, b->old);
	rq_str_adds(c->out, " ");
	print_range(c->out, '+', new_start > 0 ? new_start : 0, b->new);
	rq_str_addf(c->out, " %.*s", RQ_SLICE_ARG(rest_of(h->header)));
	line = rq_slice_chomp(line);
	*rq_vec_push(&c->said->v) =
		rq_xasprintf("%zu: %.*s -> %.*s", c->at + 1, RQ_SLICE_ARG(line),
			     RQ_SLICE_ARG(rq_slice_chomp((struct rq_slice){
				     c->out->s + from, c->out->len - from })));
}

static int recount_hunk(struct counter *c, const struct rq_hunk *h)
{
	struct body b = { 0 };
	int rc = read_body(&b, c, h);

	if (rc)
		return rc;
	print_header(c, h, &b);
	c->shift += (b.new - b.old) - (h->new_count - h->old_count);
	for (c->at++; c->at < b.end; c->at++)
		rq_str_add_slice(c->out, line_at(c, c->at));
	return 0;
}

static int recount_all(struct counter *c)
{
	struct rq_hunk h;
	int rc = 0;

	while (c->at < c->lines.n && !rc) {
		struct rq_slice line = line_at(c, c->at);

		if (is_names(c, c->at)) {
			rq_str_add_slice(c->out, line);
			rq_str_add_slice(c->out, line_at(c, c->at + 1));
			c->at += 2;
			c->in_file = true;
			c->shift = 0;
		} else if (c->in_file && read_header(&h, line)) {
			rc = recount_hunk(c, &h);
		} else {
			if (is_diff(line))
				c->in_file = false;
			rq_str_add_slice(c->out, line);
			c->at++;
		}
	}
	return rc;
}

int rq_patch_recount(struct rq_str *out, struct rq_names *said, const char *name,
		     struct rq_slice bytes, struct rq_err *err)
{
	struct counter c = { .name = name, .out = out, .said = said, .err = err };
	struct rq_slice line;
	int rc;

	while (rq_slice_next_line(&bytes, &line))
		*rq_vec_push(&c.lines) = line;
	rc = recount_all(&c);
	rq_vec_release(&c.lines);
	return rc;
}
