// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree that a patch was made for, taken along patch by patch, so that a three-way merge
 * has its base.  Also finds a file that the target keeps under another name.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>

#include "util/path.h"

/* How alike two files must be, and how many pairs are compared at most. */
#define ALIKE 60
#define MOST_CANDIDATES 64

static int copy_file(struct rq_file **out, struct rq_image *image, const char *path,
		     struct rq_err *err)
{
	struct rq_file *file;
	int rc = rq_image_file(image, path, &file, err);

	if (!rc)
		*out = rq_file_clone(file, path);
	return rc;
}

int rq_source_step(struct rq_source *out, struct rq_image *source,
		   const struct rq_patch *patch, struct rq_err *err)
{
	const struct rq_apply_options plain = { 0 };
	struct rq_entry_record scratch = { 0 };
	int rc = 0;

	*out = (struct rq_source){ 0 };
	if (!source)
		return 0;
	out->n = patch->n_files;
	out->before = rq_xcalloc(out->n, sizeof(*out->before));
	out->after = rq_xcalloc(out->n, sizeof(*out->after));
	for (size_t i = 0; i < out->n && !rc; i++)
		if (patch->files[i].old_path)
			rc = copy_file(&out->before[i], source, patch->files[i].old_path,
				       err);
	if (!rc)
		rc = rq_apply(source, patch, &plain, &scratch, err);
	/* A source that has the patch already has no state before it to merge from. */
	out->usable = !rc &&
		      (scratch.outcome == RQ_EXACT || scratch.outcome == RQ_OFFSET) &&
		      !scratch.present_hunks && !scratch.doubtful;
	rq_entry_release(&scratch);
	for (size_t i = 0; i < out->n && !rc; i++)
		if (patch->files[i].new_path)
			rc = copy_file(&out->after[i], source, patch->files[i].new_path,
				       err);
	if (rc)
		rq_err_prefix(err, "source tree: ");
	return rc;
}

int rq_apply_to_source(struct rq_image *source, const struct rq_patch *patch,
		       struct rq_err *err)
{
	const struct rq_apply_options plain = { 0 };
	struct rq_entry_record scratch = { 0 };
	int rc = source ? rq_apply(source, patch, &plain, &scratch, err) : 0;

	rq_entry_release(&scratch);
	return rc ? rq_err_prefix(err, "source tree: ") : 0;
}

void rq_source_release(struct rq_source *source)
{
	for (size_t i = 0; i < source->n; i++) {
		rq_file_free(source->before[i]);
		rq_file_free(source->after[i]);
	}
	free(source->before);
	free(source->after);
	*source = (struct rq_source){ 0 };
}

struct paths {
	rq_vec(char *) v;
	const char *suffix; /* only paths that end like the file looked for */
};

static int keep_path(const char *path, void *arg)
{
	struct paths *paths = arg;
	const char *dot = strrchr(path, '.');

	if (dot && strcmp(dot, paths->suffix) == 0)
		*rq_vec_push(&paths->v) = rq_xstrdup(path);
	return 0;
}

static void release(struct paths *paths)
{
	for (size_t i = 0; i < paths->v.n; i++)
		free(paths->v.v[i]);
	rq_vec_release(&paths->v);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list(struct paths *paths, struct rq_image *image, struct rq_err *err)
{
	const struct rq_reader *reader = rq_image_reader(image);
	int rc = reader->each(reader->ctx, keep_path, paths, err);

	if (!rc && paths->v.n)
		qsort(paths->v.v, paths->v.n, sizeof(*paths->v.v), by_name);
	return rc;
}

/* Same base name first, then same folder; others are not looked at. */
static bool is_candidate(const char *path, const char *wanted)
{
	size_t folder = rq_path_base(wanted) - wanted;

	return strcmp(rq_path_base(path), rq_path_base(wanted)) == 0 ||
	       (strncmp(path, wanted, folder) == 0 && !strchr(path + folder, '/'));
}

static int compare(int *percent, struct rq_image *image, const char *path,
		   const struct rq_file *before, struct rq_err *err)
{
	struct rq_str a = { 0 }, b = { 0 };
	struct rq_file *file;
	int rc = rq_image_file(image, path, &file, err);

	if (!rc) {
		rq_file_bytes(file, &a);
		rq_file_bytes(before, &b);
		rc = rq_similarity(rq_str_slice(&a), rq_str_slice(&b), percent, err);
	}
	rq_str_release(&a);
	rq_str_release(&b);
	return rc;
}

int rq_source_follow(char **out, int *percent, struct rq_image *image,
		     struct rq_image *source, const struct rq_file *before,
		     struct rq_err *err)
{
	struct paths here = { .suffix = strrchr(before->path, '.') }, there = here;
	size_t tried = 0, equal = 0;
	int rc, best = ALIKE - 1;

	*out = NULL;
	if (!here.suffix || !rq_image_reader(image)->each ||
	    !rq_image_reader(source)->each)
		return 0;
	rc = list(&here, image, err);
	if (!rc)
		rc = list(&there, source, err);
	for (size_t i = 0; !rc && i < here.v.n && tried < MOST_CANDIDATES; i++) {
		char *path = here.v.v[i];
		int alike = 0;

		if (!is_candidate(path, before->path) ||
		    (there.v.n &&
		     bsearch(&path, there.v.v, there.v.n, sizeof(path), by_name)))
			continue;
		tried++;
		rc = compare(&alike, image, path, before, err);
		if (rc || alike < best)
			continue;
		equal = alike == best ? equal + 1 : 1;
		best = alike;
		free(*out);
		*out = rq_xstrdup(path);
	}
	release(&here);
	release(&there);
	*percent = best;
	if (rc || equal != 1) {
		free(*out);
		*out = NULL;
	}
	return rc;
}
