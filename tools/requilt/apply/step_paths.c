// SPDX-License-Identifier: GPL-2.0-only
/*
 * The paths of the branch's tree by base name and by directory, for a patch whose files are not all there.
 * The tree is listed once for a patch, however many of its files are looked for.
 */
#include "apply/step_internal.h"

#include <stdlib.h>

#include "util/cuse.h"
#include "util/path.h"

/* Lists, chained by their hash. */
#define CHAINS 65536

struct rq_step_paths {
	struct rq_names all;
	/* Of each list the number of its first path, and of each path the next one; from 1, 0: none. */
	size_t by_base[CHAINS], by_folder[CHAINS];
	rq_vec(size_t) next_base;
	rq_vec(size_t) next_folder;
};

/* "port" of "drivers/port.tab.c". */
static size_t chain_of_base(const char *path)
{
	const char *base = rq_path_base(path);

	return rq_name_hash((struct rq_slice){ base, strcspn(base, ".") }) % CHAINS;
}

static size_t chain_of_folder(const char *path)
{
	return rq_name_hash(
		       (struct rq_slice){ path, (size_t)(rq_path_base(path) - path) }) %
	       CHAINS;
}

static int keep_path(const char *path, void *arg)
{
	struct rq_step_paths *paths = arg;
	size_t *base = &paths->by_base[chain_of_base(path)];
	size_t *folder = &paths->by_folder[chain_of_folder(path)];

	rq_names_add(&paths->all, rq_slice_of(path));
	*rq_vec_push(&paths->next_base) = *base;
	*rq_vec_push(&paths->next_folder) = *folder;
	*base = *folder = paths->all.v.n;
	return 0;
}

static int load_paths(struct rq_step *step, struct rq_err *err)
{
	const struct rq_reader *reader = rq_image_reader(step->image);

	if (step->paths)
		return 0;
	step->paths = rq_xcalloc(1, sizeof(*step->paths));
	return reader->each ? reader->each(reader->ctx, keep_path, step->paths, err) : 0;
}

static void call_for(const struct rq_step_paths *paths, size_t first, const size_t *next,
		     rq_path_fn *each, void *arg)
{
	for (size_t i = first; i; i = next[i - 1])
		each(paths->all.v.v[i - 1], arg);
}

int rq_step_each_near(struct rq_step *step, const char *wanted, rq_path_fn *each,
		      void *arg, struct rq_err *err)
{
	int rc = load_paths(step, err);
	const struct rq_step_paths *paths = step->paths;

	if (rc)
		return rc;
	call_for(paths, paths->by_base[chain_of_base(wanted)], paths->next_base.v, each,
		 arg);
	call_for(paths, paths->by_folder[chain_of_folder(wanted)], paths->next_folder.v,
		 each, arg);
	return 0;
}

void rq_step_paths_free(struct rq_step_paths *paths)
{
	if (!paths)
		return;
	rq_names_release(&paths->all);
	rq_vec_release(&paths->next_base);
	rq_vec_release(&paths->next_folder);
	free(paths);
}
