// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files as a whole: made, taken away, binary.  The rungs have no part in these: a file either
 * is what the patch says or it is not.
 */
#include "apply/step_internal.h"

/* A file made or taken away; the writers may use the diff's own lines, unless it is read backwards. */
static int describe(struct rq_step *step, const struct rq_filediff *diff,
		    struct rq_file *before, struct rq_file *after, struct rq_err *err)
{
	struct rq_file_change *c =
		rq_step_change(step, before ? before->path : after->path, before, after);

	if (step->patch->reversed)
		return rq_change_redraw(c, before, after, err);
	c->diff = diff;
	for (size_t i = 0; i < diff->n_hunks; i++)
		*rq_vec_push(&c->at) = 1;
	return 0;
}

static bool is_empty_file(const struct rq_file *file)
{
	return (file->mode == RQ_MODE_FILE || file->mode == RQ_MODE_EXEC) &&
	       !file->n_lines;
}

/* "@@ -0,0 +1 @@" without git's "new file mode" also fits an empty file that is there, as patch(1) has it. */
static bool fills_empty(const struct rq_file *there, const struct rq_filediff *diff)
{
	return is_empty_file(there) && diff->n_hunks && !diff->new_mode;
}

int rq_step_create(struct rq_step *step, const struct rq_filediff *diff,
		   struct rq_err *err)
{
	bool fills;
	struct rq_file *there, *made;
	size_t n = 0;
	int rc = rq_step_file(step, diff->new_path, &there, err);

	if (rc)
		return rc;
	fills = fills_empty(there, diff);
	if (there->mode != RQ_MODE_NONE && !fills) {
		if (rq_is_created(there, diff))
			rq_step_note(step, diff->new_path, 0, RQ_PRESENT)->line = 1;
		else
			rq_step_fail(step, diff->new_path, RQ_REASON_CREATED_DIFFERS);
		return 0;
	}
	made = rq_file_new(diff->new_path, fills	    ? there->mode
					   : diff->new_mode ? diff->new_mode
							    : RQ_MODE_FILE);
	for (size_t i = 0; i < diff->n_hunks; i++)
		n += diff->hunks[i].n_lines;
	made->lines = rq_xmalloc(n * sizeof(*made->lines));
	for (size_t i = 0; i < diff->n_hunks; i++)
		for (size_t k = 0; k < diff->hunks[i].n_lines; k++)
			made->lines[made->n_lines++] = diff->hunks[i].lines[k].text;
	rq_step_note(step, diff->new_path, diff->n_hunks ? 1 : 0, RQ_EXACT)->line = 1;
	rq_step_stage(step, made);
	if (fills)
		return rq_change_redraw(rq_step_change(step, made->path, there, made),
					there, made, err);
	return describe(step, diff, NULL, made, err);
}

/* Whether the hunks remove the whole file and nothing else. */
static bool removes_all(struct rq_file *file, const struct rq_filediff *diff)
{
	size_t n = 0;

	if (!diff->n_hunks && file->n_lines)
		return rq_index_names(diff->old_index, file);
	for (size_t i = 0; i < diff->n_hunks; i++) {
		const struct rq_hunk *hunk = &diff->hunks[i];

		for (size_t k = 0; k < hunk->n_lines; k++, n++)
			if (n >= file->n_lines || hunk->lines[k].sign != '-' ||
			    !rq_slice_eq(file->lines[n], hunk->lines[k].text))
				return false;
	}
	return n == file->n_lines;
}

int rq_step_delete(struct rq_step *step, const struct rq_filediff *diff,
		   struct rq_err *err)
{
	struct rq_file *file;
	int rc = rq_step_file(step, diff->old_path, &file, err);

	if (rc)
		return rc;
	if (file->mode == RQ_MODE_NONE) {
		rq_step_note(step, diff->old_path, 0, RQ_PRESENT);
		return 0;
	}
	if (!removes_all(file, diff)) {
		rq_step_fail(step, diff->old_path, RQ_REASON_REMOVED_DIFFERS);
		return 0;
	}
	rq_step_note(step, diff->old_path, diff->n_hunks ? 1 : 0, RQ_EXACT)->line = 1;
	rc = describe(step, diff, file, NULL, err);
	rq_step_stage(step, rq_file_new(diff->old_path, RQ_MODE_NONE));
	return rc;
}

int rq_step_binary(struct rq_step *step, const struct rq_filediff *diff,
		   struct rq_file *file, struct rq_err *err)
{
	const char *path = rq_filediff_path(diff);
	struct rq_str base = { 0 }, bytes = { 0 };
	struct rq_file *after;
	struct rq_file_change *c;
	int rc = 0;

	if (file->mode != RQ_MODE_NONE && rq_index_names(diff->new_index, file)) {
		rq_step_note(step, path, 0, RQ_PRESENT);
		return 0;
	}
	if (diff->change != RQ_CHANGE_CREATE && !rq_index_names(diff->old_index, file)) {
		rq_step_fail(step, path, RQ_REASON_BINARY_OTHER);
		return 0;
	}
	rq_file_bytes(file, &base);
	if (diff->forward.kind == RQ_BINARY_LITERAL)
		rq_str_add_slice(&bytes, rq_str_slice(&diff->forward.data));
	else
		rc = rq_binary_apply_delta(rq_str_slice(&base),
					   rq_str_slice(&diff->forward.data), &bytes,
					   err);
	rq_str_release(&base);
	if (rc) {
		rq_str_release(&bytes);
		return rc;
	}
	after = rq_file_new(path,
			    diff->change == RQ_CHANGE_DELETE ? RQ_MODE_NONE
			    : file->mode == RQ_MODE_NONE
				    ? (diff->new_mode ? diff->new_mode : RQ_MODE_FILE)
				    : rq_mode_after(diff, file));
	rq_image_split(step->image, after, &bytes);
	rq_step_note(step, path, 0, RQ_EXACT);
	c = rq_step_change(step, path, file, after);
	c->binary = true;
	rq_step_stage(step, after);
	return 0;
}
