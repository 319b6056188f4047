// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a file went that a patch edits and the branch does not have: the files of the base that have the
 * names of its hunks, by the index of names.  Reads no file, and knows nothing of what entries changed.
 */
#include "queue/queue_internal.h"

/* More names than these are not asked for. */
#define MOST_NAMES 8

int rq_walk_having(struct rq_names *paths, const struct rq_walk *walk,
		   const struct rq_names *names, struct rq_err *err)
{
	const struct rq_named_options options = { .cache = walk->rules.cache,
						  .repo = walk->repo,
						  .tree = &walk->record->base_tree,
						  .jobs = walk->jobs,
						  .progress = walk->progress };
	struct rq_named asked[MOST_NAMES] = { 0 };
	size_t n = names->v.n < MOST_NAMES ? names->v.n : MOST_NAMES;
	int rc;

	if (!options.cache)
		return 0;
	for (size_t i = 0; i < n; i++)
		asked[i] = (struct rq_named){
			.name = rq_xstrdup(names->v.v[i]),
			.hash = rq_name_hash(rq_slice_of(names->v.v[i])),
			.every = true,
		};
	rc = rq_index_know(asked, n, &options, err);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < asked[i].files.v.n && !rc; k++)
			rq_names_add(paths, rq_slice_of(asked[i].files.v.v[k]));
		rq_named_release(&asked[i]);
	}
	rq_names_settle(paths);
	return rc;
}
