// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of one file before and after: where each went, and which function it is in.  The
 * function is found as diff does for its "@@" lines: by what begins in the first column.
 */
#include "verify/verify_internal.h"

#include <ctype.h>
#include <stdlib.h>

struct stretch {
	long old_start, old_lines, new_start, new_lines;
};

struct version {
	struct rq_oid oid; /* zero: not in the tree */
	struct rq_str bytes;
	rq_vec(struct rq_slice) lines;
};

struct rq_lines {
	struct version side[2]; /* before, after */
	rq_vec(struct stretch) stretches;
};

static int read_side(struct version *side, struct rq_repo *repo, const char *path,
		     const struct rq_oid *tree, struct rq_err *err)
{
	struct rq_slice rest, line;
	enum rq_mode mode;
	int rc = rq_tree_lookup(repo, tree, path, &side->oid, &mode, err);

	if (rc || (mode != RQ_MODE_FILE && mode != RQ_MODE_EXEC)) {
		side->oid = (struct rq_oid){ 0 };
		return rc;
	}
	rc = rq_blob_read(repo, &side->oid, &side->bytes, err);
	rest = rq_str_slice(&side->bytes);
	while (!rc && rq_slice_next_line(&rest, &line))
		*rq_vec_push(&side->lines) = rq_slice_chomp(line);
	return rc;
}

static void add_stretch(long old_start, long old_lines, long new_start, long new_lines,
			void *ctx)
{
	struct rq_lines *lines = ctx;

	*rq_vec_push(&lines->stretches) =
		(struct stretch){ old_start, old_lines, new_start, new_lines };
}

/* Absolute or odd names are of generated files; libgit2 refuses some of them. */
static bool may_be_in_tree(const char *path)
{
	return path[0] && path[0] != '/' && path[0] != '<' && path[0] != '.';
}

int rq_lines_new(struct rq_lines **out, struct rq_repo *repo, const char *path,
		 const struct rq_oid *before, const struct rq_oid *after,
		 struct rq_err *err)
{
	struct rq_lines *lines = rq_xcalloc(1, sizeof(*lines));
	struct version *a = &lines->side[0], *b = &lines->side[1];
	int rc = 0;

	if (may_be_in_tree(path)) {
		rc = read_side(a, repo, path, before, err);
		if (!rc)
			rc = read_side(b, repo, path, after, err);
		if (!rc && !rq_oid_eq(&a->oid, &b->oid))
			rc = rq_diff_each(rq_str_slice(&a->bytes),
					  rq_str_slice(&b->bytes), add_stretch, lines,
					  err);
	}
	if (rc)
		rq_lines_free(lines);
	else
		*out = lines;
	return rc;
}

void rq_lines_free(struct rq_lines *lines)
{
	if (!lines)
		return;
	for (int i = 0; i < 2; i++) {
		rq_str_release(&lines->side[i].bytes);
		rq_vec_release(&lines->side[i].lines);
	}
	rq_vec_release(&lines->stretches);
	free(lines);
}

long rq_lines_map(const struct rq_lines *lines, long line)
{
	long shift = 0;

	for (size_t i = 0; i < lines->stretches.n; i++) {
		const struct stretch *s = &lines->stretches.v[i];

		/* One that only adds stands behind its old line. */
		if (line < s->old_start || (!s->old_lines && line == s->old_start))
			break;
		if (line < s->old_start + s->old_lines)
			return 0;
		shift += s->new_lines - s->old_lines;
	}
	return line + shift;
}

struct rq_slice rq_lines_text(const struct rq_lines *lines, bool after, long line)
{
	const struct version *side = &lines->side[after];

	if (line < 1 || (size_t)line > side->lines.n)
		return RQ_SLICE("");
	return rq_slice_trim(side->lines.v[line - 1]);
}

/* The word in front of the first parenthesis of "static int f(int x)". */
static struct rq_slice name_in(struct rq_slice head)
{
	const char *paren = memchr(head.p, '(', head.n), *end = paren, *start;

	if (!paren)
		return RQ_SLICE("");
	while (end > head.p && end[-1] == ' ')
		end--;
	for (start = end;
	     start > head.p && (isalnum((unsigned char)start[-1]) || start[-1] == '_');)
		start--;
	return (struct rq_slice){ start, (size_t)(end - start) };
}

/* Begins in the first column like a function, and is no label, prototype or macro. */
static bool is_head(struct rq_slice line)
{
	return line.n && (isalpha((unsigned char)line.p[0]) || line.p[0] == '_') &&
	       line.p[line.n - 1] != ':' && line.p[line.n - 1] != ';' && name_in(line).n;
}

struct rq_slice rq_lines_function(const struct rq_lines *lines, bool after, long line)
{
	const struct version *side = &lines->side[after];
	long at = (size_t)line > side->lines.n ? (long)side->lines.n : line;

	for (; at >= 1; at--) {
		struct rq_slice text = side->lines.v[at - 1];

		if (at < line && text.n && text.p[0] == '}')
			return RQ_SLICE("");
		if (is_head(text))
			return name_in(text);
	}
	return RQ_SLICE("");
}
