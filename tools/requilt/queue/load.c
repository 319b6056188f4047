// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a port starts from: every patch parsed once, the variants that branches have of their
 * own, and a task for each branch asked for.
 */
#include "queue/queue_internal.h"

#include <pthread.h>
#include <stdlib.h>

#include "util/path.h"

static char *path_of(const struct rq_port *port, const struct rq_entry *entry,
		     const struct rq_branch *branch)
{
	if (port->options->patches)
		return rq_path_join(port->options->patches, entry->path);
	return rq_series_patch_path(port->options->root, entry, branch);
}

static bool is_unresolved(const struct rq_port *port, const struct rq_entry *entry)
{
	const char *name = port->options->unresolved;

	return name && strcmp(name, entry->path) == 0;
}

static int load_entry(struct rq_item *item, const struct rq_port *port, size_t i,
		      const struct rq_branch *branch, struct rq_err *err)
{
	const struct rq_entry *entry = &port->series->entries.v[i];
	struct rq_patch_options options = { .strip = entry->strip,
					    .reverse = entry->reverse };
	_cleanup_free_ char *path = path_of(port, entry, branch);
	int rc;

	item->entry = entry;
	if (entry->kind == RQ_ENTRY_COCCI)
		rc = rq_item_load_rule(item, entry->path, path, err);
	else
		rc = rq_item_load(item, entry->path, path, &options, err);
	if (!rc && !is_unresolved(port, entry))
		rc = rq_item_add_replays(item, port->resolutions, err);
	return rc ? rq_err_prefix(err, "%s:%ld: ", port->series->path, entry->line) : 0;
}

static bool has_rule(const struct rq_series *series)
{
	for (size_t i = 0; i < series->entries.n; i++)
		if (series->entries.v[i].kind == RQ_ENTRY_COCCI)
			return true;
	return false;
}

/* Without one, every rule says so on its branch: that is an outcome. */
static void *ask_spatch(void *arg)
{
	struct rq_port *port = arg;
	struct rq_err ignored;

	if (rq_spatch_version(&port->spatch, port->options->cache,
			      port->options->unconfined, &ignored))
		port->spatch = NULL;
	return NULL;
}

static int load_common(size_t i, void *ctx, struct rq_err *err)
{
	struct rq_port *port = ctx;

	return load_entry(&port->common[i], port, i, NULL, err);
}

/* The entries, and beside them, since it takes as long, which spatch there is. */
static int load_entries(struct rq_port *port, struct rq_err *err)
{
	pthread_t thread;
	bool asks = has_rule(port->series);
	bool beside = asks && pthread_create(&thread, NULL, ask_spatch, port) == 0;
	int rc = rq_items_load(port->series->entries.n, port->options->jobs, load_common,
			       port, err);

	if (beside)
		pthread_join(thread, NULL);
	else if (asks)
		ask_spatch(port);
	return rc;
}

/* The variants that the branch has; the port's own list of items serves where it has none. */
static int load_variants(struct rq_task *task, const struct rq_places *places,
			 struct rq_err *err)
{
	const struct rq_port *port = task->port;
	size_t n = port->series->entries.n;
	int rc = 0;

	task->n_variants = places->v.n;
	task->variants = rq_xcalloc(places->v.n, sizeof(*task->variants));
	task->items = rq_xcalloc(n, sizeof(*task->items));
	memcpy(task->items, port->items, n * sizeof(*task->items));
	for (size_t k = 0; k < places->v.n && !rc; k++) {
		size_t i = places->v.v[k];
		_cleanup_free_ char *path =
			path_of(port, &port->series->entries.v[i], task->branch);

		if (strcmp(path, port->common[i].path) == 0)
			continue;
		rc = load_entry(&task->variants[k], port, i, task->branch, err);
		task->items[i] = &task->variants[k];
	}
	return rc;
}

static int load_task(size_t at, void *ctx, struct rq_err *err)
{
	struct rq_task *task = &((struct rq_task *)ctx)[at];
	struct rq_places places = { 0 };
	int rc = 0;

	task->items = task->port->items;
	if (task->port->variants)
		rq_variants_of(&places, task->port->variants, task->branch);
	if (places.v.n)
		rc = load_variants(task, &places, err);
	rq_vec_release(&places.v);
	return rc;
}

static bool is_named(const char *name, char *const *names, int n_names)
{
	for (int i = 0; i < n_names; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return n_names == 0;
}

static int check_names(const struct rq_branches *branches, char *const *names,
		       int n_names, struct rq_err *err)
{
	const struct rq_branch *found;

	for (int i = 0; i < n_names; i++)
		if (rq_branches_need(&found, branches, names[i], err))
			return err->code;
	if (!branches->all.n)
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s: names no branch; add a [branch \"NAME\"] section with a key",
			branches->path);
	return 0;
}

static int add_tasks(struct rq_tasks *tasks, struct rq_record *record, char *const *names,
		     int n_names, struct rq_err *err)
{
	const struct rq_branches *branches = tasks->port.options->branches;

	tasks->v = rq_xcalloc(branches->all.n, sizeof(*tasks->v));
	/* Tasks point into the record: it must not move. */
	rq_vec_reserve(&record->branches, branches->all.n);
	for (size_t i = 0; i < branches->all.n; i++) {
		const struct rq_branch *branch = &branches->all.v[i];
		struct rq_task *task = &tasks->v[tasks->n];

		if (!is_named(branch->name, names, n_names) ||
		    (!n_names &&
		     !rq_branches_bound(branches, record->queue, branch->name)))
			continue;
		task->from_behind = tasks->n++ % 2;
		task->port = &tasks->port;
		task->branch = branch;
		task->made = rq_xcalloc(1, sizeof(*task->made));
		task->record = rq_vec_push(&record->branches);
		task->record->branch = rq_xstrdup(branch->name);
	}
	return rq_items_load(tasks->n, tasks->port.options->jobs, load_task, tasks->v,
			     err);
}

/* One that nothing asks for would look as if it did something. */
static int check_resolutions(const struct rq_resolutions *resolutions,
			     const struct rq_series *series, struct rq_err *err)
{
	for (size_t i = 0; i < resolutions->v.n; i++) {
		const struct rq_resolution *one = &resolutions->v.v[i];
		size_t k = 0;

		while (k < series->entries.n &&
		       strcmp(series->entries.v[k].path, one->entry) != 0)
			k++;
		if (k == series->entries.n)
			return rq_err_set(
				err, RQ_EFORMAT,
				"%s: resolves %s, which is not in %s; where that got "
				"another name, 'requilt mv %s %s NEWNAME' takes it "
				"along, else 'requilt gc %s' removes it",
				one->path, one->entry, series->path, series->name,
				one->entry, series->name);
	}
	return 0;
}

int rq_tasks_load(struct rq_tasks *tasks, struct rq_record *record,
		  const struct rq_series *series, char *const *names, int n_names,
		  const struct rq_port_options *options, struct rq_err *err)
{
	int rc = check_names(options->branches, names, n_names, err);

	tasks->port = (struct rq_port){
		.series = series,
		.options = options,
		.reviews = &tasks->reviews,
		.resolutions = &tasks->resolutions,
		.common = rq_xcalloc(series->entries.n, sizeof(*tasks->port.common)),
		.items = rq_xcalloc(series->entries.n, sizeof(*tasks->port.items)),
		.blobs = rq_blobs_new(),
	};
	record->queue = rq_xstrdup(series->name);
	tasks->reviews.any_version = tasks->resolutions.any_version = options->renews;
	if (!rc)
		rc = rq_reviews_load(&tasks->reviews, options->root, series->name, err);
	if (!rc)
		rc = rq_resolutions_load(&tasks->resolutions, options->root, series->name,
					 err);
	if (!rc)
		rc = options->patches
			     ? 0
			     : check_resolutions(&tasks->resolutions, series, err);
	if (!rc)
		rc = load_entries(&tasks->port, err);
	for (size_t i = 0; i < series->entries.n; i++)
		tasks->port.items[i] = &tasks->port.common[i];
	if (!rc && !options->patches)
		tasks->port.variants = rq_variants_new(series, options->root);
	return rc ? rc : add_tasks(tasks, record, names, n_names, err);
}

void rq_tasks_release(struct rq_tasks *tasks)
{
	size_t n_entries = tasks->port.series ? tasks->port.series->entries.n : 0;

	for (size_t i = 0; i < tasks->n; i++) {
		for (size_t k = 0; k < tasks->v[i].n_variants; k++)
			rq_item_release(&tasks->v[i].variants[k]);
		free(tasks->v[i].variants);
		for (size_t k = 0; k < tasks->v[i].made->v.n; k++)
			rq_patch_free(tasks->v[i].made->v.v[k]);
		rq_vec_release(&tasks->v[i].made->v);
		free(tasks->v[i].made);
		if (tasks->v[i].items != tasks->port.items)
			free(tasks->v[i].items);
	}
	for (size_t i = 0; tasks->port.common && i < n_entries; i++)
		rq_item_release(&tasks->port.common[i]);
	free(tasks->port.common);
	free(tasks->port.items);
	rq_variants_free(tasks->port.variants);
	free(tasks->port.spatch);
	rq_blobs_free(tasks->port.blobs);
	free(tasks->v);
	rq_reviews_release(&tasks->reviews);
	rq_resolutions_release(&tasks->resolutions);
}
