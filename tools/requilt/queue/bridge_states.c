// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both states of the files that a patch changes: from the tree that it was made for, or from the branch,
 * where the patch as it is has a place.
 */
#include "queue/bridge.h"

#include <stdlib.h>

static int keep_bytes(struct rq_kept_files *kept, const char *path,
		      struct rq_slice *bytes, enum rq_mode *mode, struct rq_err *err)
{
	struct rq_file *file;
	struct rq_str *copy;
	int rc = rq_image_file(kept->of, path, &file, err);

	if (rc)
		return rc;
	copy = rq_vec_push(&kept->bytes);
	rq_file_bytes(file, copy);
	*bytes = rq_str_slice(copy);
	*mode = file->mode;
	return 0;
}

static int kept_path(void *ctx, const char *path, struct rq_slice *bytes,
		     enum rq_mode *mode, struct rq_oid *oid, struct rq_err *err)
{
	struct rq_kept_files *kept = ctx;
	int rc = 0;

	*mode = RQ_MODE_NONE;
	*bytes = (struct rq_slice){ "", 0 };
	for (size_t i = 0; kept->files && i < kept->files->v.n; i++)
		if (strcmp(kept->files->v.v[i].path, path) == 0 &&
		    kept->files->v.v[i].diff->change != RQ_CHANGE_CREATE) {
			*bytes = rq_str_slice(&kept->files->v.v[i].before);
			*mode = RQ_MODE_FILE;
		}
	if (*mode == RQ_MODE_NONE && kept->of)
		rc = keep_bytes(kept, path, bytes, mode, err);
	*oid = (struct rq_oid){ 0 };
	if (!rc && (*mode == RQ_MODE_FILE || *mode == RQ_MODE_EXEC))
		rq_oid_of(oid, RQ_OBJ_BLOB, bytes->p, bytes->n);
	return rc;
}

struct rq_image *rq_kept_files_new(struct rq_kept_files *kept, struct rq_image *of,
				   const struct rq_bridged_files *files)
{
	const struct rq_reader reader = { .path = kept_path, .ctx = kept };

	kept->of = of;
	kept->files = files;
	return rq_image_new(&reader);
}

void rq_kept_files_free(struct rq_kept_files *kept, struct rq_image *image)
{
	rq_image_free(image);
	for (size_t i = 0; i < kept->bytes.n; i++)
		rq_str_release(&kept->bytes.v[i]);
	rq_vec_release(&kept->bytes);
}

void rq_bridged_files_release(struct rq_bridged_files *files)
{
	for (size_t i = 0; i < files->v.n; i++) {
		rq_str_release(&files->v.v[i].before);
		rq_str_release(&files->v.v[i].after);
	}
	rq_vec_release(&files->v);
}

/* The files of @image as they are now: @after says which of the two states that is. */
static int take_states(struct rq_bridged_files *out, const struct rq_bridging *b,
		       struct rq_image *image, bool after, struct rq_err *err)
{
	const struct rq_patch *patch = b->item->patch;
	size_t at = 0;

	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];
		struct rq_bridged_file *f;
		struct rq_file *file;
		int rc;

		if (!rq_bridging_wants(b, diff))
			continue;
		f = after ? &out->v.v[at++] : rq_vec_push(&out->v);
		f->diff = diff;
		f->path = diff->new_path;
		rc = rq_image_file(image, f->path, &file, err);
		if (rc)
			return rc;
		rq_file_bytes(file, after ? &f->after : &f->before);
	}
	return 0;
}

/* The states around applying the patch to @image, none where it has no place that is @good enough. */
static int around(struct rq_bridged_files *out, struct rq_bridging *b,
		  struct rq_image *image, const struct rq_apply_options *options,
		  bool plainly, struct rq_err *err)
{
	struct rq_entry_record tried = { 0 };
	int rc = take_states(out, b, image, false, err);
	bool good;

	if (!rc)
		rc = rq_apply(image, b->item->patch, options, &tried, err);
	good = !rc && rq_outcome_colour(tried.outcome) != RQ_RED &&
	       tried.outcome != RQ_PRESENT && !tried.present_hunks;
	if (plainly)
		good = good && !tried.doubtful &&
		       (tried.outcome == RQ_EXACT || tried.outcome == RQ_OFFSET);
	if (!rc && good) {
		rc = take_states(out, b, image, true, err);
	} else {
		rq_bridged_files_release(out);
		free(b->why);
		b->why = rq_xasprintf("the patch has no place in the %s",
				      plainly ? "source tree" : "branch's file");
	}
	rq_entry_release(&tried);
	return rc;
}

int rq_bridging_from_source(struct rq_bridged_files *out, struct rq_bridging *b,
			    struct rq_err *err)
{
	const struct rq_apply_options plain = { 0 };
	struct rq_kept_files kept = { 0 };
	struct rq_image *copy = rq_kept_files_new(&kept, b->source_image, NULL);
	int rc = around(out, b, copy, &plain, true, err);

	rq_kept_files_free(&kept, copy);
	return rc;
}

int rq_bridging_from_branch(struct rq_bridged_files *out, struct rq_bridging *b,
			    const struct rq_apply_options *options, struct rq_err *err)
{
	const struct rq_apply_options own = { .fuzz = options->fuzz,
					      .anchors = options->anchors };
	struct rq_kept_files kept = { 0 };
	struct rq_image *copy = rq_kept_files_new(&kept, b->walk->image, NULL);
	int rc = around(out, b, copy, &own, false, err);

	rq_kept_files_free(&kept, copy);
	return rc;
}
