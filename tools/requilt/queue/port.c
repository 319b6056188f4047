// SPDX-License-Identifier: GPL-2.0-only
/*
 * A port: patches are parsed once, then every branch works on a thread of its own (branch.c).
 * One branch failing never stops another.
 */
#include "queue/queue_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

static int load_entry(struct rq_item *item, const struct rq_port *port, size_t i,
		      const char *branch, struct rq_err *err)
{
	const struct rq_entry *entry = &port->series->entries.v[i];
	struct rq_patch_options options = { .strip = entry->strip, .reverse = entry->reverse };
	_cleanup_free_ char *path = rq_series_patch_path(port->options->root, entry, branch);
	int rc;

	if (entry->kind == RQ_ENTRY_COCCI)
		return rq_err_set(err, RQ_EFORMAT,
				  "%s:%ld: %s: this version ports textual patches only; take the "
				  "rule out of the queue",
				  port->series->path, entry->line, entry->path);
	item->entry = entry;
	rc = rq_item_load(item, entry->path, path, &options, err);
	return rc ? rq_err_prefix(err, "%s:%ld: ", port->series->path, entry->line) : 0;
}

static int load_task(struct rq_task *task, struct rq_err *err)
{
	size_t n = task->port->series->entries.n;
	int rc = 0;

	task->variants = rq_xcalloc(n, sizeof(*task->variants));
	task->items = rq_xcalloc(n, sizeof(*task->items));
	for (size_t i = 0; i < n && !rc; i++) {
		const struct rq_entry *entry = &task->port->series->entries.v[i];
		_cleanup_free_ char *path =
			rq_series_patch_path(task->port->options->root, entry, task->branch->name);

		if (strcmp(path, task->port->common[i].path) != 0)
			rc = load_entry(&task->variants[i], task->port, i, task->branch->name, err);
		task->items[i] = task->variants[i].patch ? &task->variants[i]
							 : &task->port->common[i];
	}
	return rc;
}

struct crew {
	struct rq_task *tasks;
	size_t n, next;
	pthread_mutex_t lock;
};

static void *work_on(void *arg)
{
	struct crew *crew = arg;

	for (;;) {
		struct timespec start, end;
		struct rq_task *task;
		size_t i;

		pthread_mutex_lock(&crew->lock);
		i = crew->next++;
		pthread_mutex_unlock(&crew->lock);
		if (i >= crew->n)
			return NULL;
		task = &crew->tasks[i];
		clock_gettime(CLOCK_MONOTONIC, &start);
		task->rc = rq_port_branch(task, &task->err);
		clock_gettime(CLOCK_MONOTONIC, &end);
		task->record->seconds =
			(end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9;
		if (task->rc) {
			task->record->has_head = false;
			task->record->failure = rq_xstrdup(task->err.msg);
		}
	}
}

static void run(struct rq_task *tasks, size_t n, long jobs)
{
	struct crew crew = { .tasks = tasks, .n = n };
	pthread_t threads[16];
	long started = 0;

	pthread_mutex_init(&crew.lock, NULL);
	if (jobs > (long)ARRAY_SIZE(threads))
		jobs = ARRAY_SIZE(threads);
	while (started + 1 < jobs && started + 1 < (long)n &&
	       pthread_create(&threads[started], NULL, work_on, &crew) == 0)
		started++;
	work_on(&crew);
	for (long i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	pthread_mutex_destroy(&crew.lock);
}

static bool is_named(const char *name, char *const *names, int n_names)
{
	for (int i = 0; i < n_names; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return n_names == 0;
}

static int check_names(const struct rq_branches *branches, char *const *names, int n_names,
		       struct rq_err *err)
{
	for (int i = 0; i < n_names; i++)
		if (!rq_branches_find(branches, names[i]))
			return rq_err_set(err, RQ_EFORMAT, "%s: names no branch '%s'; add a [branch "
							   "\"%s\"] section",
					  branches->path, names[i], names[i]);
	if (!branches->all.n)
		return rq_err_set(err, RQ_EFORMAT, "%s: names no branch; add a [branch \"NAME\"] section",
				  branches->path);
	return 0;
}

static void forget_diffs(struct rq_record *record)
{
	for (size_t b = 0; b < record->branches.n; b++)
		for (size_t i = 0; i < record->branches.v[b].entries.n; i++) {
			struct rq_entry_record *entry = &record->branches.v[b].entries.v[i];

			for (size_t k = 0; k < entry->changes.n; k++)
				entry->changes.v[k].diff = NULL;
		}
}

int rq_port(struct rq_record *record, const struct rq_series *series, char *const *names,
	    int n_names, const struct rq_port_options *options, struct rq_err *err)
{
	const struct rq_branches *branches = options->branches;
	size_t n_entries = series->entries.n, n = 0;
	struct rq_reviews reviews = { 0 };
	struct rq_port port = { series, options, &reviews, rq_xcalloc(n_entries, sizeof(*port.common)) };
	struct rq_task *tasks = rq_xcalloc(branches->all.n, sizeof(*tasks));
	int rc = check_names(branches, names, n_names, err);

	record->queue = rq_xstrdup(series->name);
	if (!rc)
		rc = rq_reviews_load(&reviews, options->root, series->name, err);
	for (size_t i = 0; i < n_entries && !rc; i++)
		rc = load_entry(&port.common[i], &port, i, NULL, err);
	rq_vec_reserve(&record->branches, branches->all.n);
	for (size_t i = 0; i < branches->all.n && !rc; i++) {
		const struct rq_branch *branch = &branches->all.v[i];

		if (!is_named(branch->name, names, n_names))
			continue;
		tasks[n].port = &port;
		tasks[n].branch = branch;
		tasks[n].record = rq_vec_push(&record->branches);
		tasks[n].record->branch = rq_xstrdup(branch->name);
		rc = load_task(&tasks[n++], err);
	}
	if (!rc)
		run(tasks, n, options->jobs);
	else
		rq_record_release(record);
	forget_diffs(record);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; tasks[i].variants && k < n_entries; k++)
			rq_item_release(&tasks[i].variants[k]);
		free(tasks[i].variants);
		free(tasks[i].items);
	}
	for (size_t i = 0; i < n_entries; i++)
		rq_item_release(&port.common[i]);
	free(port.common);
	free(tasks);
	rq_reviews_release(&reviews);
	return rc;
}
