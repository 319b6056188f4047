// SPDX-License-Identifier: GPL-2.0-only
/*
 * A port: every branch on a thread of its own, with its own repository handle, image, pack and
 * record; parsed patches are shared.  One branch failing never stops another.
 *
 * What a branch writes comes last and in this order: the pack (fsynced), the output folder
 * (exchanged whole), the ref.  A kill leaves each of them old or new, and the next run
 * finishes the work.
 */
#include "queue/queue_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "emit/emit.h"
#include "report/report.h"
#include "resolve/reviewed.h"
#include "util/file.h"
#include "util/path.h"

/* All that the threads share, and never change. */
struct port {
	const struct rq_series *series;
	const struct rq_port_options *options;
	const struct rq_reviews *reviews;
	struct rq_item *common; /* per entry; .patch NULL where every branch has a variant */
};

/* One branch's work. */
struct task {
	const struct port *port;
	const struct rq_branch *branch;
	struct rq_branch_record *record;
	struct rq_item *variants; /* per entry; .patch NULL where the common patch serves */
	const struct rq_item **items;
	struct rq_err err;
	int rc;
};

static const struct rq_item *item_of(const struct task *task, size_t i)
{
	return task->variants[i].patch ? &task->variants[i] : &task->port->common[i];
}

/* --- loading, on the main thread --- */

static int load_entry(struct rq_item *item, const struct port *port, size_t i,
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

static int load_task(struct task *task, struct rq_err *err)
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
		task->items[i] = item_of(task, i);
	}
	return rc;
}

/* --- one branch --- */

/* What a branch's thread holds while it works. */
struct work {
	struct rq_repo *repo;
	struct rq_tree_reader base, source;
	struct rq_image *image, *source_image;
	struct rq_pack *pack;
	struct rq_treeedit *edit;
	struct rq_version version;
	bool has_version;
	int64_t base_time;
	struct rq_outputs outputs;
	rq_vec(const char *) names; /* of patches, in series order */
};

static void work_release(struct work *w)
{
	rq_image_free(w->image);
	rq_image_free(w->source_image);
	rq_pack_free(w->pack);
	rq_treeedit_free(w->edit);
	rq_outputs_release(&w->outputs);
	rq_vec_release(&w->names);
	rq_repo_close(w->repo);
}

static int read_version(struct work *w, struct task *task, struct rq_err *err)
{
	struct rq_branch_record *record = task->record;
	struct rq_file *makefile;
	struct rq_str bytes = { 0 };
	int rc;

	if (task->branch->version) {
		record->version = rq_xstrdup(task->branch->version);
	} else {
		rc = rq_image_file(w->image, "Makefile", &makefile, err);
		if (rc)
			return rc;
		rq_file_bytes(makefile, &bytes);
		record->version = rq_version_of_makefile(rq_str_slice(&bytes));
		rq_str_release(&bytes);
	}
	w->has_version = record->version &&
			 rq_version_parse(&w->version, rq_slice_of(record->version), err) == 0;
	return 0;
}

static int open_branch(struct work *w, struct task *task, struct rq_err *err)
{
	struct rq_branch_record *record = task->record;
	struct rq_reader reader;
	struct rq_oid ignored;
	int rc = rq_repo_open(&w->repo, task->port->options->repo_path, err);

	if (!rc) {
		rc = rq_repo_resolve(w->repo, task->branch->ref, &record->base, &record->base_tree,
				     err);
		if (rc)
			rq_err_prefix(err, "%s: no base yet, 'requilt tree add %s SOURCE' makes one: ",
				      task->branch->name, task->branch->name);
	}
	if (!rc)
		rc = rq_commit_info(w->repo, &record->base, &w->base_time, &ignored, err);
	if (rc)
		return rc;
	record->head = record->base;
	record->tree = record->base_tree;
	w->base = (struct rq_tree_reader){ w->repo, record->base_tree };
	reader = rq_tree_reader(&w->base);
	w->image = rq_image_new(&reader);
	if (task->branch->source) {
		w->source.repo = w->repo;
		rc = rq_repo_resolve(w->repo, task->branch->source, &ignored, &w->source.tree, err);
		reader = rq_tree_reader(&w->source);
		w->source_image = rq_image_new(&reader);
	}
	return rc ? rc : read_version(w, task, err);
}

static long fuzz_of(const struct task *task)
{
	const struct port *port = task->port;

	if (port->options->fuzz >= 0)
		return port->options->fuzz;
	return rq_branches_fuzz(port->options->branches, port->series->name, task->branch);
}

static int walk(struct work *w, struct task *task, struct rq_err *err)
{
	struct rq_walk walk = {
		.repo = w->repo,
		.image = w->image,
		.source = w->source_image,
		.record = task->record,
		.branch = task->branch,
		.version = w->has_version ? &w->version : NULL,
		.fuzz = fuzz_of(task),
		.committer = task->port->options->branches->committer,
		.base_time = w->base_time,
	};
	int rc = rq_pack_new(&w->pack, w->repo, 1, err);

	if (!rc)
		rc = rq_treeedit_new(&w->edit, w->repo, &task->record->base_tree, err);
	walk.pack = w->pack;
	walk.edit = w->edit;
	return rc ? rc : rq_walk(&walk, task->items, task->port->series->entries.n, err);
}

/* The patches and the series file; an entry that quilt cannot hold turns red. */
static int emit(struct work *w, struct task *task, struct rq_err *err)
{
	struct rq_branch_record *record = task->record;
	const char *queue = task->port->series->name;
	struct rq_str series = { 0 };

	rq_emit_series_head(&series, queue, record);
	for (size_t i = 0; i < record->entries.n; i++) {
		struct rq_entry_record *entry = &record->entries.v[i];
		const char *name = rq_emit_name(queue, entry->patch);
		struct rq_err why;

		if (!entry->changes.n)
			continue;
		if (rq_emit_patch(rq_outputs_add(&w->outputs, name), task->items[i]->patch, entry,
				  &why)) {
			entry->outcome = RQ_ERROR;
			rq_entry_say(entry, "%s", why.msg);
			record->has_head = false;
		}
		rq_str_addf(&series, "%s\n", name);
		*rq_vec_push(&w->names) = name;
	}
	*rq_outputs_add(&w->outputs, "series") = series;
	(void)err;
	return 0;
}

static void mark_reviewed(struct work *w, struct task *task)
{
	const char *queue = task->port->series->name;

	for (size_t i = 0; i < task->record->entries.n; i++) {
		struct rq_entry_record *entry = &task->record->entries.v[i];
		const char *name = rq_emit_name(queue, entry->patch);

		if (rq_entry_colour(entry) != RQ_YELLOW)
			continue;
		for (size_t k = 0; k < w->outputs.v.n; k++)
			if (strcmp(w->outputs.v.v[k].name, name) == 0)
				entry->reviewed =
					rq_reviews_accept(task->port->reviews, task->branch->name, entry->patch,
							  rq_str_slice(&w->outputs.v.v[k].bytes));
	}
}

static int proof_before(void *ctx, const char *path, struct rq_str *bytes, enum rq_mode *mode,
			struct rq_err *err)
{
	struct work *w = ctx;
	struct rq_oid oid;
	int rc = rq_tree_lookup(w->repo, &w->base.tree, path, &oid, mode, err);

	if (rc || *mode == RQ_MODE_NONE)
		return rc;
	return rq_blob_read(w->repo, &oid, bytes, err);
}

static int proof_after(void *ctx, const char *path, enum rq_mode *mode, struct rq_oid *oid,
		       struct rq_err *err)
{
	struct work *w = ctx;
	struct rq_file *file;
	int rc = rq_image_file(w->image, path, &file, err);

	if (rc)
		return rc;
	*mode = file->mode;
	*oid = *rq_file_oid(file);
	return 0;
}

static int touched_is_proven(struct rq_file *file, void *ctx)
{
	size_t *n = ctx;

	(void)file;
	(*n)++;
	return 0;
}

static int prove(struct work *w, struct rq_err *err)
{
	const struct rq_proof_tree tree = { proof_before, proof_after, w };
	size_t touched = 0;

	rq_image_each_touched(w->image, touched_is_proven, &touched);
	return rq_proof(&w->outputs, w->names.v, w->names.n, touched, &tree, err);
}

/* Everything that the output depends on, hashed: who finds another digest has stale files. */
static void digest(char *hex, const struct task *task)
{
	const struct rq_branch_record *record = task->record;
	char one[RQ_OID_HEX + 1];
	struct rq_str text = { 0 };
	struct rq_oid oid;

	rq_str_addf(&text, "requilt %s\nbase %s\nversion %s\nfuzz %ld\ncommitter %s\n", RQ_VERSION,
		    rq_oid_hex(one, &record->base), record->version ? record->version : "",
		    fuzz_of(task), task->port->options->branches->committer);
	rq_str_addf(&text, "source %s\n", task->branch->source ? task->branch->source : "");
	for (size_t i = 0; i < record->entries.n; i++)
		rq_str_addf(&text, "entry %s -p%d%s %s %s\n", task->items[i]->name,
			    task->items[i]->entry->strip, task->items[i]->entry->reverse ? " -R" : "",
			    record->entries.v[i].outcome == RQ_SKIPPED ? "skipped" : "meant",
			    rq_oid_hex(one, &task->items[i]->bytes));
	rq_oid_of(&oid, RQ_OBJ_BLOB, text.s, text.len);
	rq_oid_hex(hex, &oid);
	rq_str_release(&text);
}

static int lock_folder(int *fd, const char *path, struct rq_err *err)
{
	int rc = rq_dir_make(path, err);

	if (rc)
		return rc;
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0 || flock(*fd, LOCK_EX) < 0)
		return rq_err_errno(err, "%s: lock", path);
	return 0;
}

static int move_ref(struct work *w, struct task *task, struct rq_err *err)
{
	_cleanup_free_ char *ref = rq_xasprintf("refs/heads/requilt/%s/%s",
						task->port->series->name, task->branch->name);
	struct rq_oid now = { 0 };
	int rc = rq_ref_read(w->repo, ref, &now, err);

	if (rc && rc != RQ_ENOTFOUND)
		return rc;
	if (rq_oid_eq(&now, &task->record->head))
		return 0;
	task->record->written = true;
	return rq_ref_move(w->repo, ref, &now, &task->record->head, "requilt port", err);
}

/*
 * Green or yellow: pack, folder, ref.  Red: the folder keeps nothing that could be pushed,
 * only port.json that says why; the ref stays.
 */
static int settle(struct work *w, struct task *task, struct rq_err *err)
{
	_cleanup_free_ char *parent = rq_path_join(task->port->options->out, task->port->series->name);
	_cleanup_free_ char *path = rq_path_join(parent, task->branch->name);
	bool red = rq_branch_colour(task->record) == RQ_RED, changed;
	char hex[RQ_OID_HEX + 1];
	int fd = -1, rc;

	if (red) {
		task->record->has_head = false;
		rq_outputs_release(&w->outputs);
	}
	digest(hex, task);
	rq_report_port_json(rq_outputs_add(&w->outputs, "port.json"), task->port->series->name,
			    task->record, hex);
	rc = red ? 0 : rq_pack_commit(w->pack, err);
	if (!rc)
		rc = lock_folder(&fd, parent, err);
	if (!rc)
		rc = rq_emit_folder(path, &w->outputs, &changed, err);
	if (!rc)
		task->record->written = changed;
	if (!rc && !red)
		rc = rq_repo_refresh(w->repo, err);
	if (!rc && !red)
		rc = move_ref(w, task, err);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int port_branch(struct task *task, struct rq_err *err)
{
	struct work w = { 0 };
	int rc = open_branch(&w, task, err);

	if (!rc)
		rc = walk(&w, task, err);
	if (!rc && rq_branch_colour(task->record) != RQ_RED)
		rc = emit(&w, task, err);
	if (!rc && rq_branch_colour(task->record) != RQ_RED)
		mark_reviewed(&w, task);
	if (!rc && rq_branch_colour(task->record) != RQ_RED)
		rc = prove(&w, err);
	if (!rc)
		rc = settle(&w, task, err);
	work_release(&w);
	return rc;
}

/* --- threads --- */

struct crew {
	struct task *tasks;
	size_t n, next;
	pthread_mutex_t lock;
};

static void *work_on(void *arg)
{
	struct crew *crew = arg;

	for (;;) {
		struct timespec start, end;
		struct task *task;
		size_t i;

		pthread_mutex_lock(&crew->lock);
		i = crew->next++;
		pthread_mutex_unlock(&crew->lock);
		if (i >= crew->n)
			return NULL;
		task = &crew->tasks[i];
		clock_gettime(CLOCK_MONOTONIC, &start);
		task->rc = port_branch(task, &task->err);
		clock_gettime(CLOCK_MONOTONIC, &end);
		task->record->seconds =
			(end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9;
		if (task->rc) {
			task->record->has_head = false;
			task->record->failure = rq_xstrdup(task->err.msg);
		}
	}
}

static void run(struct task *tasks, size_t n, long jobs)
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

/* --- the whole --- */

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
	struct port port = { series, options, &reviews, rq_xcalloc(n_entries, sizeof(*port.common)) };
	struct task *tasks = rq_xcalloc(branches->all.n, sizeof(*tasks));
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
