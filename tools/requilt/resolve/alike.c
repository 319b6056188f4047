// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which hunks of a file read alike.  Sorts them by their text, and compares neighbours.
 */
#include "resolve/alike.h"

#include <stdlib.h>

struct sorted {
	const struct rq_hunk *hunk;
	size_t at;
	bool later;
};

static int compare_slices(struct rq_slice a, struct rq_slice b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return a.n ? memcmp(a.p, b.p, a.n) : 0;
}

static int compare_texts(const struct rq_hunk *a, const struct rq_hunk *b)
{
	int order = 0;

	if (a->n_lines != b->n_lines)
		return a->n_lines < b->n_lines ? -1 : 1;
	for (size_t i = 0; i < a->n_lines && !order; i++) {
		order = a->lines[i].sign - b->lines[i].sign;
		if (!order)
			order = compare_slices(a->lines[i].text, b->lines[i].text);
	}
	return order;
}

static int by_text(const void *a, const void *b)
{
	const struct sorted *one = a, *other = b;
	int order = compare_texts(one->hunk, other->hunk);

	return order ? order : one->later - other->later;
}

static size_t add_hunks(struct sorted *to, const struct rq_filediff *file, bool later)
{
	for (size_t i = 0; i < file->n_hunks; i++)
		to[i] = (struct sorted){ &file->hunks[i], i, later };
	return file->n_hunks;
}

void rq_alike_find(struct rq_alike *out, const struct rq_filediff *was,
		   const struct rq_filediff *now)
{
	size_t n = was->n_hunks + now->n_hunks, end;
	_cleanup_free_ struct sorted *all = rq_xcalloc(n + 1, sizeof(*all));

	out->twice = rq_xcalloc(now->n_hunks + 1, sizeof(*out->twice));
	add_hunks(all + add_hunks(all, was, false), now, true);
	qsort(all, n, sizeof(*all), by_text);
	for (size_t i = 0; i < n; i = end) {
		bool twice = false;

		for (end = i + 1; end < n && !compare_texts(all[i].hunk, all[end].hunk);
		     end++)
			twice |= all[end].later == all[end - 1].later;
		for (size_t k = i; k < end && twice; k++)
			if (all[k].later)
				out->twice[all[k].at] = true;
		out->any |= twice;
	}
}

void rq_alike_release(struct rq_alike *alike)
{
	free(alike->twice);
	*alike = (struct rq_alike){ 0 };
}

bool rq_hunk_same_text(const struct rq_hunk *a, const struct rq_hunk *b)
{
	return compare_texts(a, b) == 0;
}

bool rq_hunk_same_place(const struct rq_hunk *a, const struct rq_hunk *b)
{
	return a->old_start == b->old_start &&
	       rq_slice_eq(rq_slice_chomp(a->function), rq_slice_chomp(b->function));
}
