// SPDX-License-Identifier: GPL-2.0-only
/*
 * A patch on its way: which version of a file it sees, and what it leaves for record and
 * writers.  Places nothing.
 */
#include "apply/step_internal.h"

#include <stdlib.h>

struct rq_file *rq_step_staged(struct rq_step *step, const char *path)
{
	return rq_map_get(&step->newest, path);
}

/* The file as the diffs before this one left it. */
int rq_step_file(struct rq_step *step, const char *path, struct rq_file **out,
		 struct rq_err *err)
{
	*out = rq_step_staged(step, path);
	return *out ? 0 : rq_image_file(step->image, path, out, err);
}

struct rq_hunk_record *rq_step_note(struct rq_step *step, const char *path, long hunk,
				    enum rq_outcome rung)
{
	struct rq_hunk_record *record = rq_vec_push(&step->entry->hunks);

	record->file = rq_xstrdup(path);
	record->hunk = hunk;
	record->rung = rung;
	return record;
}

void rq_step_fail(struct rq_step *step, const char *path, enum rq_reason_code why)
{
	struct rq_hunk_record *record = rq_step_note(step, path, 0, RQ_CONFLICT);

	record->why = rq_reason_new(&(struct rq_reason){ .code = why });
	record->wants_source = !step->options->source && rq_reason_wants_source(why);
	step->failed++;
}

static void set_sides(struct rq_file_change *c, const struct rq_file *before,
		      const struct rq_file *after)
{
	c->old_mode = before ? before->mode : RQ_MODE_NONE;
	c->new_mode = after ? after->mode : RQ_MODE_NONE;
	c->old_oid = (struct rq_oid){ 0 };
	if (c->old_mode != RQ_MODE_NONE && before->has_oid)
		c->old_oid = before->oid;
}

struct rq_file_change *rq_step_change(struct rq_step *step, const char *path,
				      struct rq_file *before, struct rq_file *after)
{
	struct rq_file_change *c = rq_vec_push(&step->entry->changes);

	c->path = rq_xstrdup(path);
	set_sides(c, before, after);
	return c;
}

int rq_change_redraw(struct rq_file_change *c, const struct rq_file *before,
		     const struct rq_file *after, struct rq_err *err)
{
	struct rq_str a = { 0 }, b = { 0 };
	int rc;

	if (before)
		rq_file_bytes(before, &a);
	if (after)
		rq_file_bytes(after, &b);
	c->redrawn = true;
	c->binary = memchr(rq_str_slice(&a).p, 0, a.len) ||
		    memchr(rq_str_slice(&b).p, 0, b.len);
	rc = rq_diff_hunks(rq_str_slice(&a), rq_str_slice(&b), &c->body, err);
	rq_str_release(&a);
	rq_str_release(&b);
	return rc;
}

int rq_change_remake(struct rq_file_change *c, const struct rq_file *before,
		     const struct rq_file *after, struct rq_err *err)
{
	set_sides(c, before, after);
	c->diff = NULL;
	rq_vec_release(&c->at);
	rq_str_release(&c->body);
	return rq_change_redraw(c, before, after, err);
}

struct rq_file *rq_file_new(const char *path, enum rq_mode mode)
{
	struct rq_file *file = rq_xcalloc(1, sizeof(*file));

	file->path = rq_xstrdup(path);
	file->mode = mode;
	file->touched = true;
	return file;
}

void rq_step_stage(struct rq_step *step, struct rq_file *file)
{
	*rq_vec_push(&step->staged) = file;
	rq_map_put(&step->newest, file->path, file);
}
