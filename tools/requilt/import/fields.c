// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a stranger's patch would decide in a queue: a Present-if: line takes it for present, words
 * behind a name in a series are guards.  Both are told, and taken as words only.
 */
#include "import/import.h"

#include <stdlib.h>

#include "patch/patch.h"

#define FIELD "Present-if"

struct numbers {
	long *v;
	size_t n, cap;
};

static int see_field(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	(void)value;
	(void)err;
	*rq_vec_push((struct numbers *)ctx) = line;
	return 0;
}

static bool is_line(const struct numbers *lines, long number)
{
	for (size_t i = 0; i < lines->n; i++)
		if (lines->v[i] == number)
			return true;
	return false;
}

/* "> " in front of the lines makes them text. */
static void quote_lines(struct rq_str *bytes, const struct numbers *lines)
{
	struct rq_slice rest = rq_str_slice(bytes), line;
	struct rq_str out = { 0 };

	for (long number = 1; rq_slice_next_line(&rest, &line); number++) {
		if (is_line(lines, number))
			rq_str_adds(&out, "> ");
		rq_str_add_slice(&out, line);
	}
	rq_str_release(bytes);
	*bytes = out;
}

static void drop_field(struct rq_import *what, struct rq_imported *patch)
{
	struct rq_patch *parsed = NULL;
	struct numbers lines = { 0 };
	struct rq_err ignored;

	if (rq_patch_parse_copy(&parsed, "x", rq_str_slice(&patch->bytes),
				&RQ_PATCH_DEFAULTS, &ignored))
		return;
	rq_head_each(parsed->head, FIELD, see_field, &lines, &ignored);
	if (lines.n) {
		_cleanup_free_ char *told = rq_xasprintf(
			"%s: line %ld, " FIELD
			":, would decide where the patch is present: taken as "
			"a word; --take-fields takes it as a field",
			patch->path ? patch->path : patch->subject, lines.v[0]);

		rq_names_add(&what->said, rq_slice_of(told));
		quote_lines(&patch->bytes, &lines);
	}
	rq_vec_release(&lines);
	rq_patch_free(parsed);
}

static void drop_guards(struct rq_import *what, struct rq_imported *patch)
{
	const char *words = patch->rest ? strchr(patch->rest, '#') : NULL;
	struct rq_slice comment =
		words ? rq_slice_trim(rq_slice_of(words + 1)) : RQ_SLICE("");
	_cleanup_free_ char *told = NULL, *rest = NULL;

	if (!comment.n || (comment.p[0] != '+' && comment.p[0] != '-'))
		return;
	told = rq_xasprintf(
		"%s: '%.*s' would be guards: taken as words; --take-fields takes "
		"them as guards",
		patch->path ? patch->path : patch->subject, RQ_SLICE_ARG(comment));
	rq_names_add(&what->said, rq_slice_of(told));
	rest = rq_xasprintf("%.*s# guards there: %.*s", (int)(words - patch->rest),
			    patch->rest, RQ_SLICE_ARG(comment));
	free(patch->rest);
	patch->rest = TAKE_PTR(rest);
}

void rq_import_drop_fields(struct rq_import *what)
{
	for (size_t i = 0; i < what->patches.n; i++) {
		if (!what->patches.v[i].rule)
			drop_field(what, &what->patches.v[i]);
		drop_guards(what, &what->patches.v[i]);
	}
}
