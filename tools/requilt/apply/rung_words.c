// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a three-way merge by lines has conflicts, these alone merged word by word.  All of them, or none.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_MARKS 7
/* A line of more marks is no text. */
#define MOST_MARKS 1000

/* What stands between marks of a conflict. */
struct conflict {
	struct rq_slice ours, base, theirs;
};

/* How often the line's first character comes at its begin. */
static size_t run_length(struct rq_slice line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == line.p[0])
		n++;
	return n;
}

/* How long the marks of a conflict are, so that no line of @text is one. */
static void outlast(size_t *marks, struct rq_slice text)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line)) {
		size_t n = run_length(line);

		if (n >= *marks && strchr("<|=>", *line.p))
			*marks = n + 1;
	}
}

static bool is_mark(struct rq_slice line, char mark, size_t marks)
{
	return line.n > marks && *line.p == mark && run_length(line) == marks;
}

/* What comes up to the mark, which is taken too; false: there is none. */
static bool take_until(struct rq_slice *out, struct rq_slice *rest, char mark,
		       size_t marks)
{
	struct rq_slice line;

	*out = (struct rq_slice){ rest->p, 0 };
	while (rq_slice_next_line(rest, &line)) {
		if (is_mark(line, mark, marks))
			return true;
		out->n += line.n;
	}
	return false;
}

/* Notes the line of @merged, the first of which is line @number, that both changed @at. */
static void show(struct rq_reason *why, struct rq_slice merged, size_t at, size_t number)
{
	struct rq_slice line;
	const char *begin = merged.p + at;

	if (why->line || at >= merged.n)
		return;
	while (rq_slice_next_line(&merged, &line) && line.p + line.n <= begin)
		number++;
	why->line = (long)number;
	why->text = rq_reason_line(line);
}

static size_t lines_of(struct rq_slice text)
{
	struct rq_slice line;
	size_t n = 0;

	while (rq_slice_next_line(&text, &line))
		n++;
	return n;
}

/* Appends @marked with its conflicts merged; false where one cannot be. */
static bool merge_marked(struct rq_str *out, struct rq_reason *why, struct rq_file *file,
			 struct rq_slice marked, size_t marks)
{
	struct rq_slice line;
	size_t number = 1;

	while (rq_slice_next_line(&marked, &line)) {
		struct conflict c;
		struct rq_slice made;
		size_t before = out->len, merged;

		if (!is_mark(line, '<', marks)) {
			rq_str_add_slice(out, line);
			number++;
			continue;
		}
		if (!take_until(&c.ours, &marked, '|', marks) ||
		    !take_until(&c.base, &marked, '=', marks) ||
		    !take_until(&c.theirs, &marked, '>', marks) ||
		    !rq_merge_words(out, file, c.base, c.ours, c.theirs, &merged))
			return false;
		made = (struct rq_slice){ out->s + before, out->len - before };
		show(why, made, merged - before, number);
		number += lines_of(made);
	}
	return true;
}

static enum rq_answer try_words(struct rq_job *job, struct rq_err *err)
{
	_cleanup_(rq_versions_release) struct rq_versions versions = { 0 };
	struct rq_reason why = { .code = RQ_REASON_WORDS };
	struct rq_str marked = { 0 }, merged = { 0 };
	bool clean = false, good = false;
	size_t marks = LEAST_MARKS;
	int rc;

	if (!job->options->anchors || !rq_versions_of(&versions, job))
		return RQ_NOT_MINE;
	outlast(&marks, rq_str_slice(&versions.base));
	outlast(&marks, rq_str_slice(&versions.ours));
	outlast(&marks, rq_str_slice(&versions.theirs));
	if (marks > MOST_MARKS)
		return RQ_NOT_MINE;
	rc = rq_versions_merge(&marked, &clean, &versions, marks, err);
	if (!rc && !clean)
		good = merge_marked(&merged, &why, job->file, rq_str_slice(&marked),
				    marks) &&
		       !rq_slice_eq(rq_str_slice(&merged), rq_str_slice(&versions.ours));
	if (good) {
		job->whole = true;
		job->whole_rung = RQ_MERGED;
		job->whole_text = merged;
		merged = (struct rq_str){ 0 };
		job->whole_why = why.line ? rq_reason_new(&why) : NULL;
		why.text = NULL;
	}
	rq_str_release(&marked);
	rq_str_release(&merged);
	free(why.text);
	if (rc)
		return RQ_FAILED;
	return good ? RQ_DONE : RQ_NOT_MINE;
}

const struct rq_rung rq_rung_words = { .try = try_words };
