// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree that a patch was made for, taken along patch by patch, so that a three-way merge
 * has its base.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>

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
