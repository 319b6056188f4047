// SPDX-License-Identifier: GPL-2.0-only
/*
 * Has the files that a walk will ask for read ahead, where there are enough of them to be worth the
 * repository handles that the threads need.
 */
#include "queue/queue_internal.h"

#include "util/clock.h"

#include <stdlib.h>

#define FEWEST 64 /* files; opening a handle costs as much as reading some of these */

static void add_paths(struct rq_names *paths, const struct rq_walk *walk,
		      const struct rq_item *item)
{
	const struct rq_guard *by;

	if (walk->branch && item->entry &&
	    !rq_entry_meant_for(item->entry, walk->branch, walk->version, &by))
		return;
	for (size_t i = 0; i < item->patch->n_files; i++) {
		const struct rq_filediff *diff = &item->patch->files[i];

		if (diff->old_path)
			rq_names_add(paths, rq_slice_of(diff->old_path));
		if (diff->new_path)
			rq_names_add(paths, rq_slice_of(diff->new_path));
	}
}

static void turn_round(struct rq_names *paths)
{
	for (size_t i = 0, k = paths->v.n; i + 1 < k; i++) {
		char *first = paths->v.v[i];

		paths->v.v[i] = paths->v.v[--k];
		paths->v.v[k] = first;
	}
}

static void read_ahead(struct rq_walk *walk, const struct rq_names *paths, size_t n)
{
	struct rq_repo **repos = rq_xcalloc(n, sizeof(*repos));
	struct rq_tree_reader *trees = rq_xcalloc(n, sizeof(*trees));
	struct rq_reader *readers = rq_xcalloc(n, sizeof(*readers));
	struct rq_err ignored;
	size_t opened = 0;

	while (opened < n &&
	       rq_repo_open(&repos[opened], rq_repo_path(walk->repo), &ignored) == 0) {
		trees[opened].repo = repos[opened];
		trees[opened].tree = walk->record->base_tree;
		trees[opened].blobs = walk->blobs;
		readers[opened] = rq_tree_reader(&trees[opened]);
		opened++;
	}
	rq_image_read_ahead(walk->image, paths, readers, opened);
	while (opened)
		rq_repo_close(repos[--opened]);
	free(repos);
	free(trees);
	free(readers);
}

void rq_walk_read_ahead(struct rq_walk *walk, const struct rq_item *const *items,
			size_t n)
{
	struct rq_names paths = { 0 };
	double start = rq_now();

	for (size_t i = 0; i < n; i++)
		add_paths(&paths, walk, items[i]);
	rq_names_settle(&paths);
	if (walk->from_behind)
		turn_round(&paths);
	if (paths.v.n >= FEWEST)
		read_ahead(walk, &paths, walk->jobs > 1 ? (size_t)walk->jobs : 1);
	rq_names_release(&paths);
	walk->record->reading = rq_now() - start;
}
