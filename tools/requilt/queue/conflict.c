// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first conflict of a queue on a branch, laid out for a hand to take it up.
 */
#include "queue/queue_internal.h"

#include <stdlib.h>

#include "report/report.h"

struct looking {
	struct rq_conflict *out;
	const struct rq_names *more;
	const struct rq_item *item;
	const char *branch;
};

static int add_file(struct looking *l, struct rq_image *image, const char *path,
		    struct rq_marked *marked, struct rq_err *err)
{
	struct rq_conflict_file *to;
	struct rq_file *file;
	int rc = rq_image_file(image, path, &file, err);

	if (rc)
		return rc;
	if (file->mode == RQ_MODE_TREE || file->mode == RQ_MODE_GITLINK)
		return rq_err_set(err, RQ_EQUEUE, "%s: a folder here; name a file", path);
	to = rq_vec_push(&l->out->files);
	to->path = rq_xstrdup(path);
	to->before_mode = to->mode = file->mode;
	rq_file_bytes(file, &to->before);
	if (!marked) {
		rq_file_bytes(file, &to->text);
		return 0;
	}
	to->mode = marked->mode;
	to->marks = marked->marks;
	to->text = marked->text;
	marked->text = (struct rq_str){ 0 };
	return 0;
}

static bool has_file(const struct rq_conflict *conflict, const char *path)
{
	for (size_t i = 0; i < conflict->files.n; i++)
		if (strcmp(conflict->files.v[i].path, path) == 0)
			return true;
	return false;
}

static int look(struct rq_image *image, struct rq_image *source, void *ctx,
		struct rq_err *err)
{
	struct looking *l = ctx;
	const struct rq_mark_options options = { .source = source,
						 .our_name = l->branch,
						 .their_name = l->item->name };
	struct rq_marked_files marked = { 0 };
	int rc = rq_image_mark(&marked, image, l->item->patch, &options, err);

	for (size_t i = 0; i < marked.v.n && !rc; i++)
		rc = add_file(l, image, marked.v.v[i].path, &marked.v.v[i], err);
	for (size_t i = 0; l->more && i < l->more->v.n && !rc; i++)
		if (!has_file(l->out, l->more->v.v[i]))
			rc = add_file(l, image, l->more->v.v[i], NULL, err);
	rq_marked_files_release(&marked);
	return rc;
}

/* The walk has stopped at its first failure, the record's last entry. */
static void describe(struct rq_conflict *out, const struct rq_task *task)
{
	const struct rq_branch_record *record = task->record;
	const struct rq_entry_record *last =
		record->entries.n ? &record->entries.v[record->entries.n - 1] : NULL;
	const struct rq_item *item;
	size_t size;
	FILE *text;

	out->base_tree = record->base_tree;
	if (!last || rq_outcome_colour(last->outcome) != RQ_RED)
		return;
	item = task->items[record->entries.n - 1];
	out->entry = rq_xstrdup(last->patch);
	out->why = rq_xstrdup(last->message ? last->message
					    : rq_outcome_word(last->outcome));
	text = open_memstream(&out->shown, &size);
	rq_report_conflicts(text, last, record->branch, false);
	fclose(text);
	out->by_hand = !item->rule && last->outcome == RQ_CONFLICT;
	rq_change_of(&out->change, item->patch);
	rq_hunk_changes_of(&out->hunks, item->patch);
}

int rq_queue_conflict(struct rq_conflict *out, const struct rq_series *series,
		      const char *branch, const struct rq_names *more,
		      const struct rq_port_options *options, struct rq_err *err)
{
	char *names[] = { (char *)branch };
	struct rq_record record = { 0 };
	struct rq_tasks tasks = { 0 };
	int rc = rq_tasks_load(&tasks, &record, series, names, 1, options, err);

	tasks.port.jobs = options->jobs;
	if (!rc)
		rc = rq_branch_look(tasks.v, series->entries.n, NULL, NULL, err);
	if (!rc)
		describe(out, tasks.v);
	if (!rc && out->by_hand) {
		size_t n = record.branches.v[0].entries.n - 1;
		struct looking l = { .out = out,
				     .more = more,
				     .item = tasks.v->items[n],
				     .branch = branch };

		/* Once more up to it: the source tree is a patch further by now. */
		rq_branch_record_release(tasks.v->record);
		tasks.v->record->branch = rq_xstrdup(branch);
		rc = rq_branch_look(tasks.v, n, look, &l, err);
	}
	rq_record_release(&record);
	rq_tasks_release(&tasks);
	return rc;
}

void rq_conflict_release(struct rq_conflict *conflict)
{
	for (size_t i = 0; i < conflict->files.n; i++) {
		free(conflict->files.v[i].path);
		rq_str_release(&conflict->files.v[i].before);
		rq_str_release(&conflict->files.v[i].text);
	}
	rq_vec_release(&conflict->files);
	rq_hunk_changes_release(&conflict->hunks);
	free(conflict->entry);
	free(conflict->why);
	free(conflict->shown);
	*conflict = (struct rq_conflict){ 0 };
}
