// SPDX-License-Identifier: GPL-2.0-only
/*
 * A series that somebody pushes, onto a newer base: what the base has by now goes, what moved is
 * written again, and all else keeps every byte.  Writes the folder whole, or not at all.
 */
#include "queue/queue_internal.h"

#include <stdlib.h>
#include <unistd.h>

#include "queue/upstream.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

struct rebasing {
	const struct rq_rebase_options *options;
	struct rq_rebase *out;
	struct rq_branches
		branches; /* the one branch, with the new base; borrows all strings */
	struct rq_series series;
	struct rq_str series_text;
	char *old_version,
		*old_commit; /* of the "# base:" line; NULL where there is none */
	struct rq_record record;
	struct rq_tasks tasks;
	struct rq_outputs outputs;
};

char *rq_rebase_name(const char *queue)
{
	return rq_xasprintf("%s.rebase", queue);
}

/* "# base: 6.1.187, commit 0123..., tree ..." as port writes it */
static void read_base_line(struct rebasing *r, struct rq_slice line)
{
	const char *commit = memmem(line.p, line.n, ", commit ", 9);
	struct rq_slice rest = { line.p + 8, commit ? (size_t)(commit - line.p - 8) : 0 };

	if (!commit || r->old_commit)
		return;
	r->old_version = rq_xstrndup(rest.p, rest.n);
	rest = (struct rq_slice){ commit + 9, line.n - (size_t)(commit + 9 - line.p) };
	r->old_commit =
		rq_xstrndup(rest.p, rest.n < RQ_OID_HEX ? rest.n : (size_t)RQ_OID_HEX);
}

static int load_series(struct rebasing *r, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(r->options->from, "series");
	struct rq_slice rest, line;
	int rc = rq_series_load_file(&r->series, path, err);

	if (!rc)
		rc = rq_file_read(&r->series_text, path, err);
	if (rc)
		return rc;
	r->out->crlf = r->series.crlf;
	free(r->series.name);
	r->series.name = rq_rebase_name(r->options->queue);
	rest = rq_str_slice(&r->series_text);
	while (rq_slice_next_line(&rest, &line))
		if (rq_slice_starts(line, "# base: "))
			read_base_line(r, line);
	if (!r->series.entries.n && !r->old_commit)
		return rq_err_set(err, RQ_EFORMAT, "%s: names no patch", path);
	for (size_t i = 0; i < r->series.entries.n; i++)
		if (r->series.entries.v[i].kind == RQ_ENTRY_COCCI)
			return rq_err_set(err, RQ_EFORMAT,
					  "%s:%ld: a rule; a series to be pushed holds "
					  "patches only",
					  path, r->series.entries.v[i].line);
	return 0;
}

bool rq_is_rebased(const char *folder)
{
	_cleanup_free_ char *rebased = rq_path_join(folder, "rebase.json");
	_cleanup_free_ char *ported = rq_path_join(folder, "port.json");

	return rq_file_exists(rebased) && !rq_file_exists(ported);
}

/* The old base serves as the tree that the patches were made for, where it is still there. */
static int choose_branch(struct rebasing *r, struct rq_branch *branch, struct rq_err *err)
{
	const struct rq_branch *known;
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct rq_oid commit, tree;
	struct rq_err ignored;
	int rc = rq_branches_need(&known, r->options->branches, r->options->branch, err);

	if (rc)
		return rc;
	*branch = *known;
	branch->version = NULL;
	branch->source = NULL;
	if (r->options->onto)
		branch->base = (char *)r->options->onto;
	rc = rq_repo_open(&repo, r->options->repo_path, err);
	if (!rc && r->options->onto &&
	    (rq_repo_resolve(repo, r->options->onto, &commit, &tree, &ignored) ||
	     rq_oid_is_zero(&commit)))
		return rq_err_set(err, RQ_ENOTFOUND, "%s: no such commit in %s",
				  r->options->onto, r->options->repo_path);
	if (!rc && r->old_commit &&
	    rq_repo_resolve(repo, r->old_commit, &commit, &tree, &ignored) == 0)
		branch->source = r->old_commit;
	rq_branches_only(&r->branches, r->options->branches, branch);
	return rc;
}

static struct rq_str *output_of(const struct rebasing *r, const char *name)
{
	for (size_t i = 0; i < r->outputs.v.n; i++)
		if (strcmp(r->outputs.v.v[i].name, name) == 0)
			return &r->outputs.v.v[i].bytes;
	return NULL;
}

/* The next line that is no index line; false at the end. */
static bool next_but_index(struct rq_slice *rest, struct rq_slice *line)
{
	while (rq_slice_next_line(rest, line))
		if (!rq_slice_starts(*line, "index ") ||
		    !memmem(line->p, line->n, "..", 2))
			return true;
	return false;
}

static bool differ_in_index_alone(struct rq_slice a, struct rq_slice b)
{
	struct rq_slice x = { 0 }, y = { 0 };
	bool more_a, more_b;

	do {
		more_a = next_but_index(&a, &x);
		more_b = next_but_index(&b, &y);
	} while (more_a && more_b && rq_slice_eq(x, y));
	return !more_a && !more_b;
}

/*
 * A patch whose hunks all fit where they say stays as it is: its index lines name other blobs, and that is
 * no reason to write it again.
 */
static void keep_exact(struct rebasing *r, size_t i)
{
	const struct rq_entry_record *entry = &r->tasks.v->record->entries.v[i];
	struct rq_slice source = rq_str_slice(&r->tasks.v->items[i]->patch->buf);
	struct rq_str *bytes = output_of(r, r->series.entries.v[i].path);

	if (!bytes || entry->outcome != RQ_EXACT || entry->present_hunks ||
	    !differ_in_index_alone(rq_str_slice(bytes), source))
		return;
	bytes->len = 0;
	rq_str_add_slice(bytes, source);
}

static enum rq_rebased word_of(const struct rebasing *r, size_t i, bool red,
			       const char *upstream)
{
	const struct rq_entry_record *entry = &r->tasks.v->record->entries.v[i];
	const struct rq_entry *line = &r->series.entries.v[i];
	const struct rq_str *bytes;
	struct rq_oid id;

	/* That lines to remove are not there does not prove that the change was made. */
	if (rq_outcome_colour(entry->outcome) == RQ_RED || entry->outcome == RQ_ABSENT)
		return RQ_REBASE_CONFLICT;
	/* Nor does new text that may be another function's, unless the release names the commit. */
	if (entry->outcome == RQ_PRESENT && rq_entry_colour(entry) == RQ_YELLOW &&
	    !upstream)
		return RQ_REBASE_CONFLICT;
	if (!entry->changes.n)
		return RQ_REBASE_DROPPED;
	if (red)
		return entry->outcome == RQ_EXACT && !entry->present_hunks
			       ? RQ_REBASE_UNCHANGED
			       : RQ_REBASE_REFRESHED;
	bytes = output_of(r, line->path);
	rq_oid_of(&id, RQ_OBJ_BLOB, bytes ? rq_str_slice(bytes).p : "",
		  bytes ? bytes->len : 0);
	return rq_oid_eq(&id, &r->tasks.v->items[i]->bytes) ? RQ_REBASE_UNCHANGED
							    : RQ_REBASE_REFRESHED;
}

static void conclude(struct rebasing *r, const struct rq_release *release)
{
	const struct rq_branch_record *record = r->tasks.v->record;
	bool red = rq_branch_colour(record) == RQ_RED;

	r->out->base = record->base;
	r->out->version = record->version ? rq_xstrdup(record->version) : NULL;
	for (size_t i = 0; i < record->entries.n; i++) {
		const struct rq_entry_record *entry = &record->entries.v[i];
		const struct rq_item *item = r->tasks.v->items[i];
		struct rq_rebase_entry *to = rq_vec_push(&r->out->entries);

		if (!red)
			keep_exact(r, i);
		to->patch = rq_xstrdup(entry->patch);
		to->upstream = rq_release_find(release, item->patch, &item->header);
		to->word = word_of(r, i, red, to->upstream);
		to->doubtful = to->word == RQ_REBASE_REFRESHED &&
			       rq_entry_colour(entry) == RQ_YELLOW;
		if (entry->message && (to->word != RQ_REBASE_UNCHANGED))
			to->why = rq_xstrdup(entry->message);
		r->out->counts[to->word]++;
	}
}

static const struct rq_rebase_entry *entry_of_line(const struct rebasing *r, long line,
						   const struct rq_entry **entry)
{
	for (size_t i = 0; i < r->series.entries.n; i++) {
		*entry = &r->series.entries.v[i];
		if ((*entry)->line == line)
			return &r->out->entries.v[i];
	}
	return NULL;
}

/* quilt would take a CR at the end of a line for a part of the name. */
static void drop_cr(struct rq_str *out)
{
	if (out->len > 1 && out->s[out->len - 2] == '\r') {
		out->len--;
		out->s[out->len - 1] = '\n';
		out->s[out->len] = '\0';
	}
}

/* The old series, without what was dropped; a patch written again is -p1 and not reversed. */
static void write_series(struct rebasing *r, struct rq_str *out)
{
	struct rq_slice rest = rq_str_slice(&r->series_text), line;
	const struct rq_branch_record *record = r->tasks.v->record;
	char commit[RQ_OID_HEX + 1], tree[RQ_OID_HEX + 1];

	for (long number = 1; rq_slice_next_line(&rest, &line); number++) {
		const struct rq_entry *entry;
		const struct rq_rebase_entry *became = entry_of_line(r, number, &entry);
		const char *comment;

		if (became && became->word == RQ_REBASE_DROPPED)
			continue;
		if (rq_slice_starts(line, "# base: ") && r->old_commit) {
			rq_str_addf(out, "# base: %s, commit %s, tree %s\n",
				    record->version ? record->version : "unknown version",
				    rq_oid_hex(commit, &record->base),
				    rq_oid_hex(tree, &record->base_tree));
		} else if (became && became->word == RQ_REBASE_REFRESHED &&
			   (entry->strip != 1 || entry->reverse)) {
			comment = memmem(line.p, line.n, " #", 2);
			rq_str_addf(out, "%s", entry->path);
			if (comment)
				rq_str_add(out, comment,
					   line.n - (size_t)(comment - line.p));
			else
				rq_str_adds(out, "\n");
		} else {
			rq_str_add_slice(out, line);
		}
		drop_cr(out);
	}
}

/* A record of nothing would take the place of one that says something. */
static bool is_there(const struct rebasing *r)
{
	char now[RQ_OID_HEX + 1], then[RQ_OID_HEX + 1];
	struct rq_outputs have = { 0 };
	struct rq_err ignored;
	bool same = rq_outputs_read(&have, r->options->out, &ignored) == 0;

	rq_outputs_digest(now, &r->outputs);
	rq_outputs_digest(then, &have);
	rq_outputs_release(&have);
	return same && strcmp(now, then) == 0;
}

/* A rebase's note names no inputs: it says who wrote the files, not from what. */
#define NOTE "rebase"

bool rq_rebase_is_noted(const char *folder, const char *notes)
{
	char output[RQ_OID_HEX + 1];
	struct rq_outputs outputs = { 0 };
	struct rq_str json = { 0 };
	struct rq_oid oid;
	struct rq_err ignored;
	bool noted = rq_file_read_below(&json, folder, "rebase.json", &ignored) == 0 &&
		     rq_outputs_read(&outputs, folder, &ignored) == 0;

	rq_outputs_digest(output, &outputs);
	rq_oid_of(&oid, RQ_OBJ_BLOB, rq_str_slice(&json).p, json.len);
	noted = noted && rq_port_is_noted(notes, NOTE, output, &oid);
	rq_outputs_release(&outputs);
	rq_str_release(&json);
	return noted;
}

static void leave_note(const struct rebasing *r, const char *output)
{
	rq_port_note(r->options->notes, NOTE, output,
		     rq_str_slice(&r->outputs.v.v[r->outputs.v.n - 1].bytes));
}

static int write_folder(struct rebasing *r, struct rq_err *err)
{
	char output[RQ_OID_HEX + 1];
	struct rq_output *last = &r->outputs.v.v[r->outputs.v.n - 1];
	int fd = -1, rc = rq_emit_lock(&fd, r->options->out, err);

	/* The last one is the series as port would write it. */
	rq_str_release(&last->bytes);
	write_series(r, &last->bytes);
	if (!rc && is_there(r)) {
		rc = rq_emit_sweep(r->options->out, err);
	} else if (!rc) {
		rq_outputs_digest(output, &r->outputs);
		rq_report_rebased_json(rq_outputs_add(&r->outputs, "rebase.json"), r->out,
				       r->options->queue, r->options->branch);
		rc = rq_emit_folder(r->options->out, &r->outputs, &r->out->changed, err);
		if (!rc)
			leave_note(r, output);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

static int load_release(struct rq_release *out, const struct rebasing *r,
			const struct rq_branch *branch, struct rq_err *err)
{
	const char *path = r->options->upstream ? r->options->upstream : branch->upstream;
	const char *version = r->tasks.v->record->version;

	if (!path)
		return 0;
	if (!r->old_version || !version)
		return rq_err_set(
			err, RQ_EFORMAT,
			"%s/series: has no '# base: VERSION, commit ID' line, so "
			"the history of %s has no start; add one",
			r->options->from, path);
	return rq_release_load(out, path, r->old_version, version, err);
}

static int run(struct rebasing *r, struct rq_err *err)
{
	char *names[] = { (char *)r->options->branch };
	struct rq_branch branch;
	struct rq_release release = { 0 };
	struct rq_port_options options = { .root = r->options->root,
					   .patches = r->options->from,
					   .out = r->options->out,
					   .repo_path = r->options->repo_path,
					   .branches = &r->branches,
					   .cache = r->options->cache,
					   .progress = r->options->progress,
					   .fuzz = -1,
					   .jobs = 1 };
	int rc = load_series(r, err);

	if (!rc)
		rc = choose_branch(r, &branch, err);
	if (!rc)
		rc = rq_tasks_load(&r->tasks, &r->record, &r->series, names, 1, &options,
				   err);
	if (!rc)
		rc = rq_branch_outputs(&r->outputs, r->tasks.v, err);
	if (!rc)
		rc = load_release(&release, r, &branch, err);
	if (!rc)
		conclude(r, &release);
	if (!rc && !r->out->counts[RQ_REBASE_CONFLICT] && !r->options->dry)
		rc = write_folder(r, err);
	rq_release_release(&release);
	rq_tasks_release(&r->tasks);
	return rc;
}

int rq_rebase(struct rq_rebase *out, const struct rq_rebase_options *options,
	      struct rq_err *err)
{
	struct rebasing r = { .options = options, .out = out };
	int rc = run(&r, err);

	rq_outputs_release(&r.outputs);
	rq_record_forget_patches(&r.record);
	rq_record_release(&r.record);
	rq_series_release(&r.series);
	rq_str_release(&r.series_text);
	free(r.old_version);
	free(r.old_commit);
	return rc;
}
