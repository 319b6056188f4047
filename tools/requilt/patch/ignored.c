// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines around the diffs of a patch that tell of a change which no diff there can make: what diff -r
 * says of binary files and of files on one side only, and a diff in the normal format.  patch(1)
 * passes over them or takes them for changes of a file that it asks for.
 */
#include "patch/patch.h"

#include <ctype.h>

/* The directory that the names of @line, "--- a/mm/x.c", are below; empty without one. */
static struct rq_slice top_of(struct rq_slice line)
{
	struct rq_slice rest = { line.p + 4, line.n - 4 };
	const char *slash = memchr(rest.p, '/', rest.n);

	rest.n = slash ? (size_t)(slash - rest.p) : 0;
	return rest;
}

/* Whether @path is in a directory that names of the patch's diffs begin with. */
static bool is_ours(const struct rq_patch *patch, struct rq_slice path)
{
	for (size_t i = 0; i < patch->n_files; i++) {
		struct rq_slice rest = patch->files[i].header, line;

		while (rq_slice_next_line(&rest, &line)) {
			struct rq_slice top = { "", 0 };

			if (rq_slice_starts(line, "--- ") ||
			    rq_slice_starts(line, "+++ "))
				top = top_of(line);
			if (top.n && path.n >= top.n &&
			    memcmp(path.p, top.p, top.n) == 0 &&
			    (path.n == top.n || strchr("/:", path.p[top.n])))
				return true;
		}
	}
	return false;
}

static bool tells_of_file(const struct rq_patch *patch, struct rq_slice line)
{
	static const char *const starts[] = { "Binary files ", "Files ",
					      "Symbolic links " };
	struct rq_slice word;

	if (rq_slice_starts(line, "Only in ")) {
		word = (struct rq_slice){ line.p + 8, line.n - 8 };
		return memmem(word.p, word.n, ": ", 2) && is_ours(patch, word);
	}
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		size_t n = strlen(starts[i]);

		if (!rq_slice_starts(line, starts[i]))
			continue;
		word = (struct rq_slice){ line.p + n, line.n - n };
		return rq_slice_ends(line, " differ") &&
		       memmem(word.p, word.n, " and ", 5) && is_ours(patch, word);
	}
	return false;
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

/* "12,14c11" with "< text" or "> text" behind it. */
static bool begins_normal(struct rq_slice line, struct rq_slice rest)
{
	if (!take_range(&line) || !line.n || !strchr("acd", *line.p))
		return false;
	line.p++;
	line.n--;
	return take_range(&line) && !line.n &&
	       (rq_slice_starts(rest, "< ") || rq_slice_starts(rest, "> "));
}

static void scan(const struct rq_patch *patch, struct rq_slice text, bool behind,
		 rq_ignored_fn *each, void *ctx)
{
	struct rq_slice line;

	while (rq_slice_next_line(&text, &line)) {
		struct rq_slice one = rq_slice_chomp(line);
		long number = patch->head_line + 1;

		if (!one.n ||
		    !(strchr("OBFS", *one.p) ? tells_of_file(patch, one)
					     : behind && begins_normal(one, text)))
			continue;
		for (const char *p = rq_str_slice(&patch->buf).p; p < one.p; p++)
			number += *p == '\n';
		each(one, number, ctx);
	}
}

void rq_patch_each_ignored(const struct rq_patch *patch, rq_ignored_fn *each, void *ctx)
{
	if (!patch->n_files)
		return;
	scan(patch, patch->head, false, each, ctx);
	for (size_t i = 0; i < patch->n_files; i++)
		scan(patch, patch->files[i].trailer, true, each, ctx);
}
