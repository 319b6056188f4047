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

void rq_series_insert(struct rq_str *out, struct rq_slice bytes, long number,
		      struct rq_slice lines)
{
	struct rq_slice line;
	long i = 0;

	if (number == 0)
		rq_str_add_slice(out, lines);
	while (rq_slice_next_line(&bytes, &line)) {
		bool here = ++i == number || (number < 0 && !bytes.n);

		rq_str_add_slice(out, line);
		if (here && lines.n && line.p[line.n - 1] != '\n')
			rq_str_adds(out, "\n");
		if (here)
			rq_str_add_slice(out, lines);
	}
	if (number < 0 && !i)
		rq_str_add_slice(out, lines);
}

/* "PATH OPTIONS # COMMENT" */
struct parts {
	struct rq_slice path, options, comment;
};

static struct parts split(struct rq_slice line)
{
	size_t at = comment_at(line);
	struct rq_slice before = { line.p, at };
	struct parts parts = { .comment = { line.p + at, line.n - at } };

	parts.path = rq_slice_next_word(&before);
	parts.options = rq_slice_trim(before);
	return parts;
}

static void renew(struct rq_str *out, struct rq_slice line, const char *rest)
{
	_cleanup_free_ char *again = rq_xasprintf("x%s", rest);
	struct rq_slice text = rq_slice_chomp(line);
	struct parts old = split(text), fresh = split(rq_slice_of(again));

	if (!fresh.comment.n)
		fresh.comment = old.comment;
	if (rq_slice_eq(old.options, fresh.options) &&
	    rq_slice_eq(old.comment, fresh.comment)) {
		rq_str_add_slice(out, line);
		return;
	}
	rq_str_addf(out, "%.*s%s%.*s%s%.*s", RQ_SLICE_ARG(old.path),
		    fresh.options.n ? " " : "", RQ_SLICE_ARG(fresh.options),
		    fresh.comment.n ? " " : "", RQ_SLICE_ARG(fresh.comment));
	rq_str_add(out, text.p + text.n, line.n - text.n);
}

void rq_series_renew(struct rq_str *out, struct rq_slice bytes, long number,
		     const char *rest)
{
	struct rq_slice line;

	for (long i = 1; rq_slice_next_line(&bytes, &line); i++)
		if (i == number)
			renew(out, line, rest);
		else
			rq_str_add_slice(out, line);
}

void rq_series_rename(struct rq_str *out, struct rq_slice bytes, long number,
		      const char *name)
{
	struct rq_slice line;

	for (long i = 1; rq_slice_next_line(&bytes, &line); i++) {
		struct rq_slice rest = line;
		struct rq_slice old = rq_slice_next_word(&rest);

		if (i == number) {
			rq_str_adds(out, name);
			line = (struct rq_slice){
				old.p + old.n, line.n - old.n - (size_t)(old.p - line.p)
			};
		}
		rq_str_add_slice(out, line);
	}
}

static bool is_one_of(long number, const long *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (numbers[i] == number)
			return true;
	return false;
}

void rq_series_take_out(struct rq_str *out, struct rq_slice bytes, const long *numbers,
			size_t n)
{
	struct rq_slice line;

	for (long i = 1; rq_slice_next_line(&bytes, &line); i++)
		if (!is_one_of(i, numbers, n))
			rq_str_add_slice(out, line);
}

static struct rq_slice line_of(struct rq_slice bytes, long number)
{
	struct rq_slice line = { "", 0 };

	for (long i = 1; i <= number && rq_slice_next_line(&bytes, &line); i++)
		continue;
	return line;
}

/* The last line of a file may lack its newline, and is the last one no more. */
static void add_whole(struct rq_str *out, struct rq_slice line)
{
	if (out->len && out->s[out->len - 1] != '\n')
		rq_str_adds(out, "\n");
	rq_str_add_slice(out, line);
}

void rq_series_reorder(struct rq_str *out, struct rq_slice bytes, const long *numbers,
		       size_t n, long at, bool after)
{
	struct rq_slice rest = bytes, line;

	for (long i = 1; rq_slice_next_line(&rest, &line); i++) {
		if (is_one_of(i, numbers, n))
			continue;
		if (i == at && after)
			add_whole(out, line);
		for (size_t k = 0; i == at && k < n; k++)
			add_whole(out, line_of(bytes, numbers[k]));
		if (i != at || !after)
			add_whole(out, line);
	}
	if (out->len && out->s[out->len - 1] != '\n')
		rq_str_adds(out, "\n");
}
