// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines around the diffs of a patch that tell of a change which no diff there can make: what diff -r
 * says of binary files and of files on one side only, and a diff that is indented, in the normal format
 * or a script of ed or RCS.
 * patch(1) passes over them, applies them, or takes them for changes of a file that it asks for.
 */
#include "patch/patch_internal.h"

#include <ctype.h>
#include <stdlib.h>

#include "util/map.h"
#include "util/names.h"

struct scan {
	const struct rq_patch *patch;
	struct rq_names tops; /* the directories that names of the diffs are below */
	struct rq_map known;  /* these */
	bool looked;	      /* for them: most patches have no such line */
	bool below_diff;      /* the line before is a command line of diff(1) */
	const char *last_dot; /* the last line of the text that is "." alone */
	const char *at;	      /* in the file, */
	long number;	      /* and the line that this is */
	rq_ignored_fn *each;
	void *ctx;
};

/* Adds the directory that the name of @line, "--- a/mm/x.c", is below. */
static void add_top(struct rq_names *tops, struct rq_slice line)
{
	struct rq_slice rest = { line.p + 4, line.n - 4 };
	const char *slash = memchr(rest.p, '/', rest.n);

	if (slash && slash > rest.p)
		rq_names_add(tops, (struct rq_slice){ rest.p, (size_t)(slash - rest.p) });
}

static void find_tops(struct scan *s)
{
	s->looked = true;
	for (size_t i = 0; i < s->patch->n_files; i++) {
		struct rq_slice rest = s->patch->files[i].header, line;

		while (rq_slice_next_line(&rest, &line))
			if (rq_slice_starts(line, "--- ") ||
			    rq_slice_starts(line, "+++ "))
				add_top(&s->tops, line);
	}
	rq_names_settle(&s->tops);
	for (size_t i = 0; i < s->tops.v.n; i++)
		rq_map_put(&s->known, s->tops.v.v[i], s->tops.v.v[i]);
}

/* Whether @path is in a directory that names of the patch's diffs begin with. */
static bool is_ours(struct scan *s, struct rq_slice path)
{
	_cleanup_free_ char *top = rq_xstrndup(path.p, path.n);

	if (!s->looked)
		find_tops(s);
	top[strcspn(top, "/:")] = '\0';
	return rq_map_get(&s->known, top);
}

/* "Binary files A and B differ": one of the two is ours; behind a diff diff(1) alone says so. */
static bool tells_of_two(struct scan *s, struct rq_slice line, bool behind)
{
	static const struct {
		const char *start, *between, *end;
	} forms[] = {
		{ "Binary files ", " and ", " differ" },
		{ "Files ", " and ", " differ" },
		{ "Symbolic links ", " and ", " differ" },
		{ "File ", " while file ", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		size_t n = strlen(forms[i].start), gap = strlen(forms[i].between);
		struct rq_slice one, two;
		const char *between;

		if (!rq_slice_starts(line, forms[i].start) ||
		    !rq_slice_ends(line, forms[i].end))
			continue;
		one = (struct rq_slice){ line.p + n, line.n - n };
		between = memmem(one.p, one.n, forms[i].between, gap);
		if (!between)
			continue;
		two.p = between + gap;
		two.n = (size_t)(line.p + line.n - two.p);
		return behind || is_ours(s, one) || is_ours(s, two);
	}
	return false;
}

static bool tells_of_file(struct scan *s, struct rq_slice line, bool behind)
{
	struct rq_slice rest;

	if (!rq_slice_starts(line, "Only in "))
		return tells_of_two(s, line, behind);
	rest = (struct rq_slice){ line.p + 8, line.n - 8 };
	return memmem(rest.p, rest.n, ": ", 2) && is_ours(s, rest);
}

/* "12", "12,14"; moves *line behind it. */
static bool take_range(struct rq_slice *line)
{
	size_t n = 0;

	for (int part = 0; part < 2; part++) {
		size_t digits = n;

		while (n < line->n && isdigit((unsigned char)line->p[n]))
			n++;
		if (n == digits)
			return false;
		if (part || n == line->n || line->p[n] != ',')
			break;
		n++;
	}
	line->p += n;
	line->n -= n;
	return true;
}

/* "< text", or the sign alone where the blank behind it was trimmed. */
static bool is_side(struct rq_slice line)
{
	return line.n && memchr("<>", line.p[0], 2) &&
	       (line.n == 1 || isspace((unsigned char)line.p[1]));
}

/* "12,14c11" with "< text" or "> text" behind it. */
static bool begins_normal(struct rq_slice line, struct rq_slice rest)
{
	if (!take_range(&line) || !line.n || !strchr("acd", *line.p))
		return false;
	line.p++;
	line.n--;
	return take_range(&line) && !line.n && is_side(rest);
}

/* "a12 3" or "d12 3", as diff -n writes them. */
static bool is_rcs_command(struct rq_slice line)
{
	if (line.n < 2 || !memchr("ad", line.p[0], 2))
		return false;
	line = (struct rq_slice){ line.p + 1, line.n - 1 };
	if (!take_range(&line) || !line.n || *line.p != ' ')
		return false;
	line = (struct rq_slice){ line.p + 1, line.n - 1 };
	return take_range(&line) && !line.n;
}

/* A command of ed or RCS, below the command line of diff(1) or above the "." that ends ed's text. */
static bool begins_script(const struct scan *s, struct rq_slice line)
{
	return (rq_is_command(line) && (s->below_diff || line.p < s->last_dot)) ||
	       (is_rcs_command(line) && s->below_diff);
}

/* The last line of @text that is "." alone; NULL where there is none. */
static const char *find_last_dot(struct rq_slice text)
{
	const char *dot = NULL;
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line))
		if (rq_slice_eq(rq_slice_chomp(line), RQ_SLICE(".")))
			dot = line.p;
	return dot;
}

/* One line of the text behind a diff. */
static bool begins_diff(const struct scan *s, struct rq_slice line, struct rq_slice rest)
{
	return begins_normal(line, rest) || begins_script(s, line) ||
	       rq_begins_indented(line, rest);
}

/* The number of the line at @p; either way, as texts may come in any order. */
static long number_of(struct scan *s, const char *p)
{
	while (s->at < p)
		s->number += *s->at++ == '\n';
	while (s->at > p)
		s->number -= *--s->at == '\n';
	return s->number;
}

static void scan(struct scan *s, struct rq_slice text, bool behind)
{
	struct rq_slice line;

	s->below_diff = false;
	s->last_dot = behind ? find_last_dot(text) : NULL;
	while (rq_slice_next_line(&text, &line)) {
		struct rq_slice one = rq_slice_chomp(line);

		if (!one.n)
			continue;
		if (strchr("OBFS", *one.p) ? tells_of_file(s, one, behind)
					   : behind && begins_diff(s, one, text))
			s->each(one, number_of(s, one.p), s->ctx);
		s->below_diff = rq_slice_starts(one, "diff ");
	}
}

void rq_patch_each_ignored(const struct rq_patch *patch, rq_ignored_fn *each, void *ctx)
{
	struct scan s = { .patch = patch,
			  .at = rq_str_slice(&patch->buf).p,
			  .number = patch->head_line + 1,
			  .each = each,
			  .ctx = ctx };

	if (!patch->n_files)
		return;
	scan(&s, patch->head, false);
	for (size_t i = 0; i < patch->n_files; i++)
		scan(&s, patch->files[i].trailer, true);
	rq_map_release(&s.known);
	rq_names_release(&s.tops);
}
