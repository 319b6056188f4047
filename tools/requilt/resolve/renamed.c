// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines of a .reviewed file under other names.  Judges no record: what it cannot read stays.
 */
#include "resolve/renamed.h"

#include "util/mem.h"

/* Appends the line as its fate has it; whether it is another one. */
static bool print_line(struct rq_str *out, struct rq_slice line, rq_review_fate_fn *fate,
		       void *ctx)
{
	struct rq_slice rest = line, branch = rq_slice_next_word(&rest),
			entry = rq_slice_next_word(&rest);
	_cleanup_free_ char *on = rq_xstrndup(branch.p, branch.n);
	_cleanup_free_ char *name = rq_xstrndup(entry.p, entry.n);
	const char *now = name;

	/* "Version: 2", a mark of a merge, a comment. */
	if (rest.n && branch.p[0] != '#')
		now = fate(on, name, ctx);
	if (!now)
		return true;
	if (strcmp(now, name) == 0) {
		rq_str_add_slice(out, line);
		return false;
	}
	rq_str_add(out, line.p, (size_t)(entry.p - line.p));
	rq_str_adds(out, now);
	rq_str_add(out, entry.p + entry.n, line.n - (size_t)(entry.p + entry.n - line.p));
	return true;
}

size_t rq_reviews_rename(struct rq_str *out, struct rq_slice bytes,
			 rq_review_fate_fn *fate, void *ctx)
{
	struct rq_slice line;
	size_t n = 0;

	while (rq_slice_next_line(&bytes, &line))
		n += print_line(out, line, fate, ctx);
	return n;
}
