// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small edits of a series file that a maintainer wrote: every byte that is not meant stays.
 */
#include "series/series.h"

#include "util/file.h"

/* Where the trailing comment of @line begins, at its '#'; @line.n when there is none. */
static size_t comment_at(struct rq_slice line)
{
	for (size_t i = 1; i < line.n; i++)
		if (line.p[i] == '#' && (line.p[i - 1] == ' ' || line.p[i - 1] == '\t'))
			return i;
	return line.n;
}

/* Behind the guards that are there, in front of any words. */
static void add_guard(struct rq_str *out, struct rq_slice line, const char *guard)
{
	struct rq_slice text = rq_slice_chomp(line);
	size_t at = comment_at(text), words;
	struct rq_slice comment = { text.p + at, text.n - at };
	bool guarded =
		comment.n > 1 &&
		strchr("+-",
		       rq_slice_trim((struct rq_slice){ comment.p + 1, comment.n - 1 })
			       .p[0]);

	if (!comment.n) {
		rq_str_addf(out, "%.*s #%s", RQ_SLICE_ARG(text), guard);
	} else if (!guarded) {
		rq_str_addf(out, "%.*s#%s %.*s", (int)at, text.p, guard,
			    RQ_SLICE_ARG(comment));
	} else {
		words = comment_at(comment);
		rq_str_addf(out, "%.*s%s%s%s%.*s", (int)(at + words), text.p,
			    words < comment.n ? "" : " ", guard,
			    words < comment.n ? " " : "", (int)(comment.n - words),
			    comment.p + words);
	}
	rq_str_add(out, text.p + text.n, line.n - text.n);
}

int rq_series_add_guard(const char *path, long number, const char *guard,
			struct rq_err *err)
{
	struct rq_str bytes = { 0 }, out = { 0 };
	struct rq_slice rest, line;
	int rc = rq_file_read(&bytes, path, err);

	rest = rq_str_slice(&bytes);
	for (long i = 1; !rc && rq_slice_next_line(&rest, &line); i++)
		if (i == number)
			add_guard(&out, line, guard);
		else
			rq_str_add_slice(&out, line);
	if (!rc)
		rc = rq_file_write(path, rq_str_slice(&out), err);
	rq_str_release(&bytes);
	rq_str_release(&out);
	return rc;
}

int rq_series_insert(struct rq_str *out, const char *path, long number,
		     struct rq_slice lines, struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	struct rq_slice rest, line;
	int rc = rq_file_read(&bytes, path, err);
	long i = 0;

	rest = rq_str_slice(&bytes);
	if (number == 0)
		rq_str_add_slice(out, lines);
	while ((!rc || rc == RQ_ENOTFOUND) && rq_slice_next_line(&rest, &line)) {
		rq_str_add_slice(out, line);
		if (line.p[line.n - 1] != '\n')
			rq_str_adds(out, "\n");
		if (++i == number)
			rq_str_add_slice(out, lines);
	}
	if (number < 0)
		rq_str_add_slice(out, lines);
	rq_str_release(&bytes);
	return rc == RQ_ENOTFOUND ? 0 : rc;
}
