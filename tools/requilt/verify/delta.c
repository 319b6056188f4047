// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which messages are new.  Three rounds, each message used up once: at the same place after
 * the diff is followed; then the same line of the same function, wherever it is now (moved
 * code); what is left is new on one side and gone on the other.  One that vanishes here and
 * one like it that appears there are two pieces of news, not none.
 */
#include "verify/verify_internal.h"

#include <stdlib.h>

struct pairing {
	const struct rq_side *before, *after;
	bool *used_before, *used_after;
	struct rq_repo *repo;
};

static bool same_details(const struct rq_diag *a, const struct rq_diag *b)
{
	if (a->details.n != b->details.n)
		return false;
	for (size_t i = 0; i < a->details.n; i++)
		if (strcmp(a->details.v[i], b->details.v[i]) != 0)
			return false;
	return true;
}

static bool same_words(const struct rq_diag *a, const struct rq_diag *b)
{
	return a->tool == b->tool && a->error == b->error &&
	       strcmp(a->file, b->file) == 0 && strcmp(a->text, b->text) == 0 &&
	       same_details(a, b);
}

static bool same_place(const struct rq_lines *lines, long before, long after)
{
	return before == after && !before ? true : rq_lines_map(lines, before) == after;
}

static bool same_code(const struct rq_lines *lines, long before, long after)
{
	struct rq_slice text = rq_lines_text(lines, false, before);

	return text.n && rq_slice_eq(text, rq_lines_text(lines, true, after)) &&
	       rq_slice_eq(rq_lines_function(lines, false, before),
			   rq_lines_function(lines, true, after));
}

/* Pairs what @same says is one, in the messages about @file. */
static void pair(struct pairing *p, const char *file, const struct rq_lines *lines,
		 bool (*same)(const struct rq_lines *lines, long before, long after))
{
	for (size_t i = 0; i < p->after->n; i++) {
		const struct rq_diag *b = &p->after->diags[i];

		for (size_t k = 0;
		     k < p->before->n && !p->used_after[i] && !strcmp(b->file, file);
		     k++) {
			const struct rq_diag *a = &p->before->diags[k];

			if (p->used_before[k] || !same_words(a, b) ||
			    !same(lines, a->line, b->line))
				continue;
			p->used_before[k] = p->used_after[i] = true;
		}
	}
}

static int pair_file(struct pairing *p, const char *file, struct rq_err *err)
{
	struct rq_lines *lines;
	int rc = rq_lines_new(&lines, p->repo, file, &p->before->tree, &p->after->tree,
			      err);

	if (rc)
		return rc;
	pair(p, file, lines, same_place);
	pair(p, file, lines, same_code);
	rq_lines_free(lines);
	return 0;
}

int rq_delta_find(struct rq_delta *out, struct rq_repo *repo,
		  const struct rq_side *before, const struct rq_side *after,
		  struct rq_err *err)
{
	struct pairing p = { .before = before, .after = after, .repo = repo };
	struct rq_names files = { 0 };
	int rc = 0;

	p.used_before = rq_xcalloc(before->n + 1, sizeof(bool));
	p.used_after = rq_xcalloc(after->n + 1, sizeof(bool));
	for (size_t i = 0; i < after->n && before->n; i++)
		rq_names_add(&files, rq_slice_of(after->diags[i].file));
	rq_names_settle(&files);
	for (size_t i = 0; i < files.v.n && !rc; i++)
		rc = pair_file(&p, files.v.v[i], err);
	for (size_t i = 0; i < after->n && !rc; i++)
		if (!p.used_after[i])
			*rq_vec_push(&out->fresh) = &after->diags[i];
	for (size_t i = 0; i < before->n && !rc; i++)
		out->vanished += !p.used_before[i];
	rq_names_release(&files);
	free(p.used_before);
	free(p.used_after);
	return rc;
}

void rq_delta_release(struct rq_delta *delta)
{
	rq_vec_release(&delta->fresh);
}
