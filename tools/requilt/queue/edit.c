// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where an entry is to be edited: two walks, one up to it and one over it.
 */
#include "queue/edit.h"

#include <stdlib.h>

#include "queue/queue_internal.h"
#include "util/file.h"

struct looking {
	struct rq_edit *out;
	const struct rq_names *more;
	struct rq_task *task;
	bool after; /* the entry was walked over */
};

static struct rq_edit_file *file_of(struct rq_edit *edit, const char *path)
{
	struct rq_edit_file *file;

	for (size_t i = 0; i < edit->files.n; i++)
		if (strcmp(edit->files.v[i].path, path) == 0)
			return &edit->files.v[i];
	file = rq_vec_push(&edit->files);
	file->path = rq_xstrdup(path);
	return file;
}

static void name_files(struct looking *l)
{
	const struct rq_branch_record *record = l->task->record;
	const struct rq_entry_record *entry = &record->entries.v[record->entries.n - 1];

	for (size_t i = 0; i < entry->changes.n; i++)
		file_of(l->out, entry->changes.v[i].path);
	for (size_t i = 0; l->more && i < l->more->v.n; i++)
		file_of(l->out, l->more->v.v[i]);
}

static int look(struct rq_image *image, struct rq_image *source, void *ctx,
		struct rq_err *err)
{
	struct looking *l = ctx;
	int rc = 0;

	(void)source;
	for (size_t i = 0; i < l->out->files.n && !rc; i++) {
		struct rq_edit_file *to = &l->out->files.v[i];
		struct rq_file *file;

		rc = rq_image_file(image, to->path, &file, err);
		if (rc)
			return rc;
		if (file->mode == RQ_MODE_TREE || file->mode == RQ_MODE_GITLINK)
			return rq_err_set(err, RQ_EQUEUE,
					  "%s: a directory here; name a file", to->path);
		*(l->after ? &to->after_mode : &to->before_mode) = file->mode;
		rq_file_bytes(file, l->after ? &to->after : &to->before);
	}
	return rc;
}

/* The walk has stopped behind the entry, or at a failure before it. */
static int check_walked(const struct rq_task *task, size_t i, struct rq_err *err)
{
	const struct rq_branch_record *record = task->record;
	const struct rq_entry_record *last =
		record->entries.n ? &record->entries.v[record->entries.n - 1] : NULL;
	const char *queue = task->port->series->name, *branch = task->branch->name;

	if (last && rq_outcome_colour(last->outcome) == RQ_RED)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s on %s: %s; 'requilt resolve %s %s' takes it up "
				  "first",
				  last->patch, branch, rq_outcome_word(last->outcome),
				  queue, branch);
	if (!last || record->entries.n != i + 1)
		return rq_err_set(err, RQ_EQUEUE, "%s: the entry was not reached",
				  branch);
	if (last->outcome == RQ_SKIPPED)
		return rq_err_set(err, RQ_EQUEUE, "%s is not for %s: %s", last->patch,
				  branch, last->message ? last->message : "skipped");
	if (!last->changes.n)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s on %s: %s; there is nothing to edit", last->patch,
				  branch, rq_outcome_word(last->outcome));
	return 0;
}

/* The first of the files that the branch has under another name. */
static void note_followed(struct rq_edit *out, const struct rq_file_change *change)
{
	if (out->followed)
		return;
	out->followed = rq_xstrdup(change->followed->old_path);
	out->followed_to = rq_xstrdup(change->path);
}

/* What is emitted on the branch is made of. */
static void describe(struct rq_edit *out, const struct rq_task *task, size_t i)
{
	const struct rq_entry_record *entry = &task->record->entries.v[i];
	const struct rq_item *item = task->items[i];

	for (size_t k = 0; k < entry->changes.n; k++)
		if (entry->changes.v[k].followed)
			note_followed(out, &entry->changes.v[k]);
	out->plain = (entry->outcome == RQ_EXACT || entry->outcome == RQ_OFFSET) &&
		     !entry->resolved && !entry->present_hunks && !out->followed;
	rq_patch_print(entry->resolved ? entry->resolved : item->patch, &out->patch);
	out->path = rq_xstrdup(item->path);
}

static int check_entry(const struct rq_item *item, struct rq_err *err)
{
	const struct rq_entry *entry = item->entry;

	if (item->rule)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s is a rule: edit cocci/%s itself, then port",
				  item->name, item->name);
	if (entry->strip != 1 || entry->reverse)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s is applied with -p%d%s: edit the file itself, then "
				  "'requilt refresh --recount' it",
				  item->name, entry->strip, entry->reverse ? " -R" : "");
	return 0;
}

static void add_before(struct rq_edit *out)
{
	struct rq_str text = { 0 };

	for (size_t i = 0; i < out->files.n; i++) {
		rq_change_word(&text, out->files.v[i].path);
		rq_change_number(&text, out->files.v[i].before_mode);
		rq_change_part(&text, rq_str_slice(&out->files.v[i].before));
	}
	rq_change_id(&out->before, &text);
	rq_str_release(&text);
}

/* Walks @n entries; the record starts anew. */
static int walk(struct looking *l, size_t n, rq_look_fn *how, struct rq_err *err)
{
	_cleanup_free_ char *branch = rq_xstrdup(l->task->branch->name);

	rq_branch_record_release(l->task->record);
	l->task->record->branch = TAKE_PTR(branch);
	return rq_branch_look(l->task, n, how, l, err);
}

static int look_after(struct rq_image *image, struct rq_image *source, void *ctx,
		      struct rq_err *err)
{
	struct looking *l = ctx;
	size_t i = (size_t)(l->out->entry - l->task->port->series->entries.v);
	int rc = check_walked(l->task, i, err);

	if (rc)
		return rc;
	name_files(l);
	describe(l->out, l->task, i);
	return look(image, source, ctx, err);
}

static int look_twice(struct rq_edit *out, struct rq_task *task,
		      const struct rq_names *more, struct rq_err *err)
{
	struct looking l = { .out = out, .more = more, .task = task, .after = true };
	size_t i = (size_t)(out->entry - task->port->series->entries.v);
	int rc = check_entry(task->items[i], err);

	if (!rc)
		rc = walk(&l, i + 1, look_after, err);
	l.after = false;
	if (!rc)
		rc = walk(&l, i, look, err);
	if (!rc)
		add_before(out);
	return rc;
}

/* Whether the branch itself has the patch file, and not the branch that it is like, or all. */
static bool is_own(const struct rq_edit *edit, const char *root,
		   const struct rq_branch *alone)
{
	_cleanup_free_ char *own = rq_series_patch_path(root, edit->entry, alone);
	_cleanup_free_ char *common = rq_series_patch_path(root, edit->entry, NULL);

	return strcmp(own, edit->path) == 0 && strcmp(common, edit->path) != 0;
}

int rq_queue_edit(struct rq_edit *out, const struct rq_series *series, const char *branch,
		  const char *entry, const struct rq_names *more,
		  const struct rq_port_options *options, struct rq_err *err)
{
	char *names[] = { (char *)branch };
	const struct rq_branch alone = { .name = (char *)branch };
	struct rq_record record = { 0 };
	struct rq_tasks tasks = { 0 };
	int rc = rq_tasks_load(&tasks, &record, series, names, 1, options, err);

	tasks.port.jobs = options->jobs;
	for (size_t i = 0; i < series->entries.n; i++)
		if (strcmp(series->entries.v[i].path, entry) == 0)
			out->entry = &series->entries.v[i];
	if (!rc)
		rc = look_twice(out, tasks.v, more, err);
	if (!rc)
		rc = rq_file_read_within(&out->bytes, options->root, out->path, err);
	if (!rc)
		out->own = is_own(out, options->root, &alone);
	rq_record_release(&record);
	rq_tasks_release(&tasks);
	return rc;
}

void rq_edit_release(struct rq_edit *edit)
{
	for (size_t i = 0; i < edit->files.n; i++) {
		free(edit->files.v[i].path);
		rq_str_release(&edit->files.v[i].before);
		rq_str_release(&edit->files.v[i].after);
	}
	rq_vec_release(&edit->files);
	rq_str_release(&edit->bytes);
	rq_str_release(&edit->patch);
	free(edit->path);
	free(edit->followed);
	free(edit->followed_to);
	*edit = (struct rq_edit){ 0 };
}
