// SPDX-License-Identifier: GPL-2.0-only
/*
 * One branch of a port: walk, emit, prove, and only then write.
 *
 * What is written comes last and in this order: the pack (fsynced), the output folder
 * (exchanged whole), the ref.  A kill leaves each of them old or new, and the next run
 * finishes the work.
 */
#include "queue/queue_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "emit/emit.h"
#include "queue/bridge.h"
#include "queue/lastgood.h"
#include "report/report.h"
#include "util/file.h"
#include "util/map.h"
#include "util/path.h"

/* An emitted patch that patch(1) would read in another way. */
struct misread {
	size_t number; /* in the names */
	char *why;
};

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
	double spent; /* seconds that its rules took */
	struct rq_outputs outputs;
	struct rq_names names;		/* of patches, in series order */
	struct rq_map taken;		/* these */
	rq_vec(struct misread) misread; /* found by the proof */
	char digest[RQ_OID_HEX + 1],
		output[RQ_OID_HEX + 1]; /* what it is made from, and what it is */
};

static void work_release(struct work *w)
{
	for (size_t i = 0; i < w->misread.n; i++)
		free(w->misread.v[i].why);
	rq_vec_release(&w->misread);
	rq_image_free(w->image);
	rq_image_free(w->source_image);
	rq_pack_free(w->pack);
	rq_treeedit_free(w->edit);
	rq_outputs_release(&w->outputs);
	rq_map_release(&w->taken);
	rq_names_release(&w->names);
	rq_repo_close(w->repo);
}

static int read_version(struct work *w, struct rq_task *task, struct rq_err *err)
{
	struct rq_branch_record *record = task->record;
	struct rq_file *makefile;
	struct rq_str bytes = { 0 };
	int rc;

	free(TAKE_PTR(record->version));
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
	w->has_version =
		record->version &&
		rq_version_parse(&w->version, rq_slice_of(record->version), err) == 0;
	return 0;
}

/* Without a version a range would match nothing, and drop a fix unseen. */
static int check_guards(const struct work *w, const struct rq_task *task,
			struct rq_err *err)
{
	const struct rq_series *series = task->port->series;

	for (size_t i = 0; i < series->entries.n && !w->has_version; i++) {
		const struct rq_entry *entry = &series->entries.v[i];

		for (size_t k = 0; k < entry->guards.n; k++) {
			_cleanup_free_ char *text = rq_guard_text(&entry->guards.v[k]);

			if (!entry->guards.v[k].name)
				return rq_err_set(
					err, RQ_EQUEUE,
					"%s:%ld: the guard %s asks for a version, and "
					"that of "
					"%s is not known: its Makefile does not say it "
					"plainly; set 'version' of the branch in %s",
					series->path, entry->line, text,
					task->branch->name,
					task->port->options->branches->path);
		}
	}
	return 0;
}

/* Whether git finds what the queue's ports write under the name @base, short or full. */
static bool is_port_of(const char *base, const char *queue)
{
	_cleanup_free_ char *own = rq_xasprintf("requilt/%s/", queue);

	base += strncmp(base, "refs/", 5) == 0 ? 5 : 0;
	base += strncmp(base, "heads/", 6) == 0 ? 6 : 0;
	return strncmp(base, own, strlen(own)) == 0;
}

static int find_base(struct work *w, struct rq_task *task, struct rq_err *err)
{
	const struct rq_branch *branch = task->branch;
	const char *base = rq_branch_base(branch), *path = task->port->options->repo_path;
	int rc;

	if (is_port_of(base, task->port->series->name))
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s: branch \"%s\": its ref %s is what this queue's ports write; "
			"name its base",
			task->port->options->branches->path, branch->name, base);
	rc = rq_repo_resolve(w->repo, base, &task->record->base, &task->record->base_tree,
			     err);
	if (rc != RQ_ENOTFOUND)
		return rc;
	if (branch->base)
		return rq_err_set(
			err, rc, "%s: its base %s is no commit of %s; correct it in %s",
			branch->name, base, path, task->port->options->branches->path);
	return rq_err_prefix(err,
			     "%s: no base yet, 'requilt tree add %s SOURCE' makes one: ",
			     branch->name, branch->name);
}

static int open_branch(struct work *w, struct rq_task *task, struct rq_err *err)
{
	struct rq_branch_record *record = task->record;
	struct rq_reader reader;
	struct rq_oid ignored;
	int rc = rq_repo_open(&w->repo, task->port->options->repo_path, err);

	if (!rc)
		rc = find_base(w, task, err);
	if (!rc)
		rc = rq_commit_info(w->repo, &record->base, &w->base_time, &ignored, err);
	if (rc)
		return rc;
	record->head = record->base;
	record->tree = record->base_tree;
	w->base =
		(struct rq_tree_reader){ w->repo, record->base_tree, task->port->blobs };
	reader = rq_tree_reader(&w->base);
	w->image = rq_image_new(&reader);
	if (task->branch->source) {
		w->source.repo = w->repo;
		w->source.blobs = task->port->blobs;
		rc = rq_repo_resolve(w->repo, task->branch->source, &ignored,
				     &w->source.tree, err);
		task->source_tree = w->source.tree;
		reader = rq_tree_reader(&w->source);
		w->source_image = rq_image_new(&reader);
	}
	if (!rc)
		rc = read_version(w, task, err);
	return rc ? rc : check_guards(w, task, err);
}

static long fuzz_of(const struct rq_task *task)
{
	const struct rq_port *port = task->port;

	if (port->options->fuzz >= 0)
		return port->options->fuzz;
	return rq_branches_fuzz(port->options->branches, port->series->name,
				task->branch);
}

static struct rq_walk walk_of(struct work *w, const struct rq_task *task)
{
	return (struct rq_walk){
		.repo = w->repo,
		.image = w->image,
		.source = w->source_image,
		.source_tree = task->source_tree,
		.record = task->record,
		.branch = task->branch,
		.version = w->has_version ? &w->version : NULL,
		.fuzz = fuzz_of(task),
		.blobs = task->port->blobs,
		.jobs = task->port->jobs,
		.from_behind = task->from_behind,
		.rules = { .cache = task->port->options->cache,
			   .version = task->port->spatch,
			   .fresh = task->port->options->fresh,
			   .unconfined = task->port->options->unconfined,
			   .jobs = task->port->jobs,
			   .progress = task->port->options->progress,
			   .where = task->branch->name,
			   .spent = &w->spent },
		.progress = task->port->options->progress,
		.pack = w->pack,
		.made = task->made,
		.bridges = task->port->options->bridges,
		.edit = w->edit,
		.committer = task->port->options->branches->committer,
		.base_time = w->base_time,
	};
}

static int walk(struct work *w, struct rq_task *task, struct rq_err *err)
{
	struct rq_walk walk;
	int rc = rq_pack_new(&w->pack, w->repo, 1, err);

	if (!rc && task->port->jobs > 1)
		rc = rq_pack_threads(w->pack, (int)task->port->jobs, err);
	if (!rc)
		rc = rq_treeedit_new(&w->edit, w->repo, &task->record->base_tree, err);
	if (rc)
		return rc;
	walk = walk_of(w, task);
	walk.checks = true;
	walk.accepts = true;
	rq_walk_read_ahead(&walk, task->items, task->port->series->entries.n);
	return rq_walk(&walk, task->items, task->port->series->entries.n, err);
}

/* Another entry has the name, or port has it for a file of its own. */
static bool is_taken(const struct work *w, const char *name)
{
	struct rq_slice first = { name, strcspn(name, "/") };

	if (rq_slice_eq(first, RQ_SLICE("series")) ||
	    rq_slice_eq(first, RQ_SLICE("port.json")) ||
	    rq_slice_eq(first, RQ_SLICE(RQ_LAST_GOOD)))
		return true;
	return rq_map_get(&w->taken, name) != NULL;
}

/* The emitted file has "> " where the patch of the queue has none. */
static void say_quoted(struct rq_entry_record *entry, const char *name,
		       const struct rq_started *started)
{
	_cleanup_free_ char *earlier = TAKE_PTR(entry->message);
	_cleanup_free_ char *text = rq_quoted_text(started);
	struct rq_note *note = rq_vec_push(&entry->notes);

	*note = (struct rq_note){ .kind = RQ_NOTE_QUOTED,
				  .file = rq_xstrdup(name),
				  .line = started->line,
				  .text = rq_xstrdup(text) };
	rq_entry_say(entry, "%s%s%s", earlier ? earlier : "", earlier ? "; " : "", text);
}

/* The emitted patch of one entry; one that a quilt series cannot hold turns red. */
static void emit_entry(struct work *w, const struct rq_item *item,
		       struct rq_entry_record *entry, const char *name)
{
	struct rq_err why = { 0 };
	struct rq_started started = { 0 };
	const char *own;

	if (is_taken(w, name))
		rq_err_set(&why, RQ_EQUEUE,
			   "its name in the series, %s, is taken; give it another", name);
	else
		rq_emit_patch(rq_outputs_add(&w->outputs, name),
			      entry->resolved ? entry->resolved : item->patch, entry,
			      &started, &why);
	rq_names_add(&w->names, rq_slice_of(name));
	own = w->names.v.v[w->names.v.n - 1];
	rq_map_put(&w->taken, own, own);
	if (why.code) {
		entry->outcome = RQ_ERROR;
		rq_entry_say(entry, "%s", why.msg);
	} else if (started.line) {
		say_quoted(entry, name, &started);
	}
}

char *rq_task_patch_name(const struct rq_task *task, const char *entry)
{
	if (task->port->options->patches)
		return rq_xstrdup(entry);
	return rq_emit_name(task->port->series->name, entry);
}

static void emit(struct work *w, struct rq_task *task)
{
	struct rq_branch_record *record = task->record;
	const char *queue = task->port->series->name;
	struct rq_str series = { 0 };

	rq_emit_series_head(&series, queue, record);
	for (size_t i = 0; i < record->entries.n; i++) {
		struct rq_entry_record *entry = &record->entries.v[i];
		_cleanup_free_ char *name = rq_task_patch_name(task, entry->patch);

		if (!entry->changes.n)
			continue;
		emit_entry(w, task->items[i], entry, name);
		rq_str_addf(&series, "%s\n", name);
	}
	*rq_outputs_add(&w->outputs, "series") = series;
}

static void mark_reviewed(struct rq_task *task)
{
	for (size_t i = 0; i < task->record->entries.n; i++) {
		struct rq_entry_record *entry = &task->record->entries.v[i];

		if (rq_entry_colour(entry) == RQ_YELLOW)
			entry->reviewed =
				rq_reviews_accept(task->port->reviews, task->branch->name,
						  entry->patch, &entry->change);
	}
}

static bool proof_before(void *ctx, const char *path, struct rq_slice *bytes,
			 enum rq_mode *mode)
{
	struct work *w = ctx;
	const struct rq_file *file = rq_image_peek(w->image, path);

	if (!file)
		return false;
	*mode = file->read_mode;
	*bytes = file->read;
	return true;
}

static bool proof_after(void *ctx, const char *path, enum rq_mode *mode,
			struct rq_oid *oid)
{
	struct work *w = ctx;
	const struct rq_file *file = rq_image_peek(w->image, path);

	if (!file)
		return false;
	*mode = file->mode;
	*oid = file->oid;
	return true;
}

static void note_misread(void *ctx, size_t number, const char *why)
{
	struct work *w = ctx;

	*rq_vec_push(&w->misread) = (struct misread){ number, rq_xstrdup(why) };
}

/* Turns the entries red: the commits, which are made beside the proof, look at them until now. */
static void blame_misread(const struct work *w, struct rq_branch_record *record)
{
	size_t number = 0;

	for (size_t i = 0; i < record->entries.n; i++) {
		struct rq_entry_record *entry = &record->entries.v[i];

		if (!entry->changes.n)
			continue;
		for (size_t k = 0; k < w->misread.n; k++)
			if (w->misread.v[k].number == number) {
				entry->outcome = RQ_ERROR;
				rq_entry_say(entry, "%s", w->misread.v[k].why);
			}
		number++;
	}
}

static int count_file(struct rq_file *file, void *ctx)
{
	size_t *n = ctx;

	(void)file;
	(*n)++;
	return 0;
}

static int prove(struct work *w, struct rq_err *err)
{
	const struct rq_proof_tree tree = { proof_before, proof_after, w, note_misread };
	size_t touched = 0;

	rq_image_each_touched(w->image, count_file, &touched);
	return rq_proof(&w->outputs, w->names.v.v, w->names.v.n, touched, &tree, err);
}

struct proving {
	struct work *work;
	struct rq_err err;
	int rc;
};

static void *run_proof(void *arg)
{
	struct proving *p = arg;

	p->rc = prove(p->work, &p->err);
	return NULL;
}

/* The proof reads the image and the outputs, the commits read neither: with two processors at once. */
static int prove_and_commit(struct work *w, struct rq_task *task, struct rq_err *err)
{
	struct rq_walk walk = walk_of(w, task);
	struct proving proving = { .work = w };
	pthread_t thread;
	bool beside =
		walk.jobs > 1 && pthread_create(&thread, NULL, run_proof, &proving) == 0;
	int rc;

	if (!beside)
		run_proof(&proving);
	rc = rq_walk_commit(&walk, task->items, err);
	if (beside)
		pthread_join(thread, NULL);
	if (proving.rc)
		*err = proving.err;
	blame_misread(w, task->record);
	return proving.rc ? proving.rc : rc;
}

/* Everything that the output depends on, hashed: who finds another digest has stale files. */
static void digest(char *hex, const struct rq_task *task)
{
	const struct rq_branch_record *record = task->record;
	char one[RQ_OID_HEX + 1];
	struct rq_str text = { 0 };
	struct rq_oid oid;

	rq_str_addf(&text, "requilt %s\nbase %s\nversion %s\nfuzz %ld\ncommitter %s\n",
		    RQ_VERSION, rq_oid_hex(one, &record->base),
		    record->version ? record->version : "", fuzz_of(task),
		    task->port->options->branches->committer);
	if (task->port->spatch)
		rq_str_addf(&text, "spatch %s", task->port->spatch);
	rq_str_addf(&text, "source %s\n", rq_oid_hex(one, &task->source_tree));
	if (task->branch->like)
		rq_str_addf(&text, "like %s\n", task->branch->like);
	for (size_t i = 0; i < task->branch->tags.n; i++)
		rq_str_addf(&text, "tag %s\n", task->branch->tags.v[i]);
	for (size_t i = 0; i < task->port->reviews->v.n; i++) {
		const struct rq_review *review = &task->port->reviews->v.v[i];

		if (strcmp(review->branch, task->branch->name) == 0)
			rq_str_addf(&text, "reviewed %s %s\n", review->entry,
				    rq_oid_hex(one, &review->id));
	}
	for (size_t i = 0; i < task->port->series->entries.n; i++) {
		const struct rq_entry *entry = &task->port->series->entries.v[i];

		rq_str_addf(&text, "entry %s -p%d%s %s\n", entry->path, entry->strip,
			    entry->reverse ? " -R" : "",
			    rq_oid_hex(one, &task->items[i]->bytes));
		rq_bridges_digest(&text, task->port->options->bridges, task->branch,
				  task->items[i]->patch);
		for (size_t k = 0; k < task->items[i]->replays.n; k++)
			rq_str_addf(
				&text, "resolution %s\n",
				rq_oid_hex(one, &task->items[i]->replays.v[k].of->bytes));
		for (size_t k = 0; k < task->items[i]->earlier.n; k++)
			rq_str_addf(
				&text, "earlier resolution %s\n",
				rq_oid_hex(one, &task->items[i]->earlier.v[k].of->bytes));
		for (size_t k = 0; k < entry->guards.n; k++) {
			_cleanup_free_ char *guard = rq_guard_text(&entry->guards.v[k]);

			rq_str_addf(&text, "guard %s\n", guard);
		}
	}
	rq_oid_of(&oid, RQ_OBJ_BLOB, text.s, text.len);
	rq_oid_hex(hex, &oid);
	rq_str_release(&text);
}

/* With @move; else only asks whether it could be moved, before anything is written. */
static int move_ref(struct work *w, struct rq_task *task, bool move, struct rq_err *err)
{
	_cleanup_free_ char *ref = rq_xasprintf(
		"refs/heads/requilt/%s/%s", task->port->series->name, task->branch->name);
	const struct rq_oid *head = &task->record->head;
	struct rq_oid now = { 0 };
	int rc;

	if (task->port->options->unreferred)
		return 0;
	rc = rq_ref_read(w->repo, ref, &now, err);
	if (rc && rc != RQ_ENOTFOUND)
		return rc;
	if (move)
		return rq_ref_move(w->repo, ref, &now, head, "requilt port", err);
	return rq_oid_eq(&now, head) ? 0 : rq_ref_check(w->repo, ref, &now, err);
}

/* The record, and what it is about, beside the patches; of a red branch alone. */
static void add_port_json(struct work *w, struct rq_task *task)
{
	if (rq_branch_colour(task->record) == RQ_RED) {
		task->record->has_head = false;
		rq_outputs_release(&w->outputs);
	} else {
		mark_reviewed(task);
	}
	rq_outputs_digest(w->output, &w->outputs);
	rq_report_port_json(rq_outputs_add(&w->outputs, "port.json"),
			    task->port->series->name, task->record, w->digest, w->output);
}

/* Folder, ref, and a note that it was done; the pack is there. */
static int publish(struct work *w, struct rq_task *task, const char *path,
		   struct rq_err *err)
{
	const struct rq_str *port_json = &w->outputs.v.v[w->outputs.v.n - 1].bytes;
	bool changed;
	int rc = rq_emit_folder(path, &w->outputs, &changed, err);

	if (rc || rq_branch_colour(task->record) == RQ_RED)
		return rc;
	if (!task->record->kept)
		rc = rq_repo_refresh(w->repo, err);
	if (!rc)
		rc = move_ref(w, task, true, err);
	if (!rc && !task->record->kept)
		rq_port_note(task->port->options->notes, w->digest, w->output,
			     rq_str_slice(port_json));
	return rc;
}

/*
 * Green or yellow: pack, folder, ref.  Red: the folder gets port.json that says why, and nothing that
 * quilt would push: the last good series is in last-good/ below it.  The ref stays.
 */
static int settle(struct work *w, struct rq_task *task, const char *path,
		  struct rq_err *err)
{
	bool packs = !task->record->kept && rq_branch_colour(task->record) != RQ_RED;
	int fd = -1, rc;

	if (rq_is_rebased(path))
		return rq_err_set(
			err, RQ_EUNSAFE,
			"%s: holds a rebased series, which a port would lose; move "
			"it away or name another --out",
			path);
	rc = packs ? move_ref(w, task, false, err) : 0;
	if (!rc && packs)
		rc = rq_pack_commit(w->pack, err);
	if (!rc)
		rc = rq_dir_make_below(task->port->options->out, task->port->series->name,
				       err);
	if (!rc)
		rc = rq_emit_lock(&fd, path, err);
	if (!rc && rq_branch_colour(task->record) == RQ_RED)
		rc = rq_last_good_keep(&w->outputs, path, err);
	if (!rc)
		rc = publish(w, task, path, err);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Walk, emit, prove and commit; nobody sees any of it yet. */
static int make_outputs(struct work *w, struct rq_task *task, struct rq_err *err)
{
	int rc = walk(w, task, err);

	if (!rc && rq_branch_colour(task->record) != RQ_RED)
		emit(w, task);
	if (!rc && rq_branch_colour(task->record) != RQ_RED)
		rc = prove_and_commit(w, task, err);
	return rc;
}

int rq_port_branch(struct rq_task *task, struct rq_err *err)
{
	_cleanup_free_ char *path =
		rq_xasprintf("%s/%s/%s", task->port->options->out,
			     task->port->series->name, task->branch->name);
	struct work w = { 0 };
	int rc = open_branch(&w, task, err);

	if (!rc)
		digest(w.digest, task);
	if (!rc && !rq_port_is_current(&w.outputs, task, w.repo, w.digest, path)) {
		rc = make_outputs(&w, task, err);
		if (!rc)
			add_port_json(&w, task);
	}
	if (!rc && !task->port->options->dry)
		rc = settle(&w, task, path, err);
	work_release(&w);
	return rc;
}

int rq_branch_outputs(struct rq_outputs *outputs, struct rq_task *task,
		      struct rq_err *err)
{
	struct work w = { 0 };
	int rc = open_branch(&w, task, err);

	if (!rc)
		rc = make_outputs(&w, task, err);
	*outputs = w.outputs;
	w.outputs = (struct rq_outputs){ 0 };
	work_release(&w);
	return rc;
}

int rq_branch_again(struct rq_outputs *outputs, struct rq_task *task, struct rq_err *err)
{
	struct work w = { 0 };
	int rc = open_branch(&w, task, err);

	if (!rc) {
		digest(w.digest, task);
		rc = make_outputs(&w, task, err);
	}
	if (!rc)
		add_port_json(&w, task);
	*outputs = w.outputs;
	w.outputs = (struct rq_outputs){ 0 };
	work_release(&w);
	return rc;
}

int rq_branch_look(struct rq_task *task, size_t n, rq_look_fn *look, void *ctx,
		   struct rq_err *err)
{
	struct work w = { 0 };
	struct rq_walk walk;
	int rc = open_branch(&w, task, err);

	if (!rc) {
		walk = walk_of(&w, task);
		walk.stop_at_conflict = true;
		rc = rq_walk(&walk, task->items, n, err);
	}
	if (!rc && look)
		rc = look(w.image, w.source_image, ctx, err);
	work_release(&w);
	return rc;
}

int rq_port_digest(char *hex, struct rq_task *task, struct rq_err *err)
{
	struct work w = { 0 };
	int rc = open_branch(&w, task, err);

	if (!rc)
		digest(hex, task);
	work_release(&w);
	return rc;
}
