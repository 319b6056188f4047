// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the written output is worth now: the colour that port gave it, or stale when its base,
 * or queue moved since.  The ref is no part of that: it is where the last port of any clone put it.
 *
 * Files and port.json may come from anybody, so what decides is what the queue gives: it is ported in
 * memory and compared, once for each state.  The answer is noted in the user's own cache.  Writes
 * nothing else.
 */
#include "queue/queue_internal.h"

#include <stdlib.h>

#include "emit/emit.h"
#include "queue/lastgood.h"
#include "report/report.h"
#include "util/crew.h"
#include "util/file.h"
#include "util/markers.h"
#include "util/path.h"

/* What is in a branch's directory. */
struct written {
	char *folder;
	struct rq_str json; /* of port.json */
	struct rq_seen seen;
	struct rq_outputs outputs; /* none when a file of the series is missing */
};

static void written_release(struct written *w)
{
	free(w->folder);
	rq_str_release(&w->json);
	rq_seen_release(&w->seen);
	rq_outputs_release(&w->outputs);
}

/*
 * RQ_ENOTFOUND without port.json.  A series that names what no port writes is an error: it was edited
 * to be read by us.
 */
static int read_written(struct written *w, const char *notes, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(w->folder, "port.json");
	struct rq_err series = { 0 };
	int rc = rq_file_read_below(&w->json, w->folder, "port.json", err);

	if (rc)
		return rc;
	if (rq_outputs_read(&w->outputs, w->folder, &series))
		rq_outputs_release(&w->outputs);
	rc = rq_seen_read(&w->seen, notes, path, &w->outputs, rq_str_slice(&w->json),
			  err);
	if (rc || (series.code != RQ_EUNSAFE && series.code != RQ_EFORMAT))
		return rc;
	*err = series;
	return series.code;
}

/* The name of the first file that is not what @again has; NULL: all are. */
static const char *find_other(const struct written *w, const struct rq_outputs *again)
{
	size_t n = again->v.n - 1;

	for (size_t i = 0; i < n && i < w->outputs.v.n; i++)
		if (strcmp(w->outputs.v.v[i].name, again->v.v[i].name) != 0 ||
		    !rq_slice_eq(rq_str_slice(&w->outputs.v.v[i].bytes),
				 rq_str_slice(&again->v.v[i].bytes)))
			return w->outputs.v.v[i].name;
	if (n != w->outputs.v.n)
		return "series";
	return rq_slice_eq(rq_str_slice(&w->json), rq_str_slice(&again->v.v[n].bytes))
		       ? NULL
		       : "port.json";
}

/* Why this machine cannot tell what a port gives, where it is not for the queue to say. */
static const char *lacks_tool(const struct rq_branch_record *record)
{
	for (size_t i = 0; i < record->entries.n; i++)
		if (record->entries.v[i].no_tool)
			return record->entries.v[i].message;
	return NULL;
}

/* Ports in memory and compares. */
static void compare(struct rq_state *state, struct rq_task *task, const char *digest,
		    const struct written *w)
{
	struct rq_outputs again = { 0 };
	struct rq_err err = { 0 };
	int rc = rq_branch_again(&again, task, &err);
	const char *lack = rc ? err.msg : lacks_tool(task->record);
	const char *other = lack ? NULL : find_other(w, &again);

	state->unchecked = lack;
	state->stale = other;
	if (lack)
		state->why = rq_xstrdup(lack);
	else if (other)
		state->why = rq_xasprintf("%s is not what the queue gives", other);
	else
		rq_port_note(task->port->options->notes, digest, w->seen.output,
			     rq_str_slice(&w->json));
	rq_outputs_release(&again);
}

static void check(struct rq_state *state, struct rq_task *task, const char *digest,
		  const struct written *w)
{
	const struct rq_port_options *options = task->port->options;

	if (options->check != RQ_CHECK_ALWAYS &&
	    rq_port_is_noted(options->notes, digest, w->seen.output, &w->seen.port_json))
		return;
	if (options->check == RQ_CHECK_NOTED)
		state->unchecked = true;
	else
		compare(state, task, digest, w);
}

/* What is to be said of files that are not as port wrote them. */
static char *say_changed(const struct written *w)
{
	for (size_t i = 0; i < w->outputs.v.n; i++) {
		const struct rq_output *one = &w->outputs.v.v[i];
		long marker = rq_markers_find(rq_str_slice(&one->bytes));

		if (marker)
			return rq_xasprintf("%s:%ld: a merge left its markers", one->name,
					    marker);
	}
	return rq_xstrdup("its files were changed since the port");
}

/* Which of the things that an output depends on is another one; NULL: none. */
static char *find_moved(const struct rq_task *task, const struct written *w,
			const char *digest)
{
	const struct rq_port_summary *summary = &w->seen.summary;
	char base[RQ_OID_HEX + 1];

	rq_oid_hex(base, &task->record->base);
	if (strcmp(w->seen.output, summary->output) != 0)
		return say_changed(w);
	if (strcmp(base, summary->base) != 0)
		return rq_xasprintf("the base was %.12s and is %.12s now", summary->base,
				    base);
	if (strcmp(digest, summary->digest) != 0)
		return rq_xstrdup("the queue, its records or branches.conf changed");
	return NULL;
}

static int judge(struct rq_state *state, struct rq_task *task, const struct written *w,
		 struct rq_err *err)
{
	char digest[RQ_OID_HEX + 1];
	int rc = rq_port_digest(digest, task, err);

	if (rc)
		return rc;
	state->version = rq_xstrdup(w->seen.summary.version);
	state->moved = find_moved(task, w, digest);
	state->stale = state->moved;
	if (!state->stale)
		check(state, task, digest, w);
	state->word = rq_xstrdup(state->stale	    ? "stale"
				 : state->unchecked ? "unchecked"
						    : w->seen.summary.colour);
	return 0;
}

/*
 * What cannot be read is not what the queue gives; that says so in its row, and stops no other.  A name
 * that leads elsewhere stays an error: somebody means harm.
 */
static int judge_unread(struct rq_state *state, const struct rq_err *err)
{
	if (err->code != RQ_EFORMAT)
		return err->code;
	state->stale = true;
	free(state->word);
	state->word = rq_xstrdup("stale");
	state->why = rq_xstrdup(err->msg);
	return 0;
}

static int look(struct rq_state *state, struct rq_task *task, struct rq_err *err)
{
	struct written w = { .folder = rq_xasprintf("%s/%s/%s", task->port->options->out,
						    task->port->series->name,
						    task->branch->name) };
	int rc = rq_last_good_version(&state->last_good, w.folder,
				      task->port->options->notes, err);

	state->branch = rq_xstrdup(task->branch->name);
	if (!rc)
		rc = read_written(&w, task->port->options->notes, err);
	if (rc && rc != RQ_ENOTFOUND)
		rc = judge_unread(state, err);
	else if (!rc)
		rc = judge(state, task, &w, err);
	if (rc == RQ_ENOTFOUND && !w.seen.summary.digest) {
		state->stale = !rq_is_rebased(w.folder);
		state->word = rq_xstrdup(state->stale ? "missing" : "rebased");
		rc = 0;
	}
	written_release(&w);
	return rc;
}

struct looking {
	struct rq_states *states;
	struct rq_task *tasks;
};

static void look_at(size_t i, size_t hand, void *ctx)
{
	struct looking *l = ctx;
	struct rq_task *task = &l->tasks[i];

	(void)hand;
	task->rc = look(&l->states->v.v[i], task, &task->err);
}

int rq_queue_states(struct rq_states *out, const struct rq_series *series,
		    char *const *names, int n_names,
		    const struct rq_port_options *options, struct rq_err *err)
{
	struct rq_record record = { 0 };
	struct rq_tasks tasks = { 0 };
	struct looking looking = { .states = out };
	int rc = rq_tasks_load(&tasks, &record, series, names, n_names, options, err);

	looking.tasks = tasks.v;
	tasks.port.jobs = options->jobs / (long)(tasks.n ? tasks.n : 1);
	for (size_t i = 0; i < tasks.n && !rc; i++)
		rq_vec_push(&out->v);
	if (!rc)
		rq_crew(tasks.n, options->jobs, look_at, &looking);
	for (size_t i = 0; i < tasks.n && !rc; i++) {
		rc = tasks.v[i].rc;
		if (rc)
			*err = tasks.v[i].err;
	}
	rq_record_forget_patches(&record);
	rq_tasks_release(&tasks);
	rq_record_release(&record);
	return rc;
}

/* Context has three lines; who asks for more fuzz gets no more than that. */
#define FUZZ_MOST 3
/*
 * Changes of a branch that may be accepted between two ports: each is a digest more to try, and each of
 * these takes as long as the branch has lines.
 */
#define ACCEPTED_MOST 512
#define LINES_MOST (1 << 18)

static size_t most_accepted(const struct rq_reviews *reviews, const char *branch)
{
	size_t lines = 1;

	for (size_t i = 0; i < reviews->v.n; i++)
		lines += strcmp(reviews->v.v[i].branch, branch) == 0;
	return LINES_MOST / lines < ACCEPTED_MOST ? LINES_MOST / lines : ACCEPTED_MOST;
}

/*
 * Whether the digest is of the queue as it is now, but for changes accepted since and a "port --fuzz":
 * neither changes what an accepted change is.
 */
static bool is_of_now(const struct written *w, struct rq_tasks *tasks,
		      struct rq_port_options *options)
{
	const char *branch = tasks->v->branch->name;
	struct rq_reviews *reviews = &tasks->reviews;
	const size_t n = reviews->v.n, most = most_accepted(reviews, branch);
	char digest[RQ_OID_HEX + 1];
	struct rq_err ignored;
	bool is = false;

	for (options->fuzz = -1; options->fuzz <= FUZZ_MOST && !is; options->fuzz++)
		for (size_t have = n + 1, tried = 0; have-- && tried <= most && !is;) {
			/* Without the line of another branch the digest is the same. */
			if (have < n && strcmp(reviews->v.v[have].branch, branch) != 0)
				continue;
			tried++;
			reviews->v.n = have;
			is = rq_port_digest(digest, tasks->v, &ignored) == 0 &&
			     strcmp(digest, w->seen.summary.digest) == 0;
		}
	reviews->v.n = n;
	return is;
}

/* The same of what is noted. */
static bool is_noted_now(const struct written *w, const struct rq_series *series,
			 char **names, const struct rq_port_options *options)
{
	struct rq_port_options with = *options;
	struct rq_record record = { 0 };
	struct rq_tasks tasks = { 0 };
	struct rq_err ignored;
	bool is = rq_port_is_noted(options->notes, w->seen.summary.digest, w->seen.output,
				   &w->seen.port_json) &&
		  rq_tasks_load(&tasks, &record, series, names, 1, &with, &ignored) == 0;

	is = is && is_of_now(w, &tasks, &with);
	rq_record_forget_patches(&record);
	rq_tasks_release(&tasks);
	rq_record_release(&record);
	return is;
}

static int vouch(const struct written *w, const struct rq_series *series,
		 const char *branch, const struct rq_port_options *options,
		 struct rq_err *err)
{
	char *names[] = { (char *)branch };
	struct rq_states states = { 0 };
	const struct rq_state *state;
	int rc;

	if (strcmp(w->seen.summary.colour, "red") == 0)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: not there; a port that is not red writes it: see "
				  "'requilt status'",
				  w->folder);
	rc = rq_queue_states(&states, series, names, 1, options, err);
	state = states.v.v;
	if (!rc && (state->stale || state->unchecked) &&
	    (state->why || !is_noted_now(w, series, names, options)))
		rc = rq_err_set(err, RQ_EQUEUE,
				"%s: the output is %s%s%s; port the queue again", branch,
				state->word, state->why ? ": " : "",
				state->why ? state->why : "");
	rq_states_release(&states);
	return rc;
}

int rq_queue_vouch(const struct rq_series *series, const char *branch,
		   const struct rq_port_options *options, struct rq_err *err)
{
	struct written w = { .folder = rq_xasprintf("%s/%s/%s", options->out,
						    series->name, branch) };
	int rc = read_written(&w, options->notes, err);

	if (rc == RQ_ENOTFOUND)
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s/port.json: not there; port the queue first",
				w.folder);
	else if (!rc)
		rc = vouch(&w, series, branch, options, err);
	written_release(&w);
	return rc;
}

bool rq_output_is_noted(const char *folder, const char *notes)
{
	struct written w = { .folder = rq_xstrdup(folder) };
	struct rq_err ignored;
	bool noted = read_written(&w, notes, &ignored) == 0 &&
		     rq_port_is_noted(notes, w.seen.summary.digest, w.seen.output,
				      &w.seen.port_json);

	written_release(&w);
	return noted || (rq_is_rebased(folder) && rq_rebase_is_noted(folder, notes));
}

void rq_states_release(struct rq_states *states)
{
	for (size_t i = 0; i < states->v.n; i++) {
		free(states->v.v[i].branch);
		free(states->v.v[i].version);
		free(states->v.v[i].word);
		free(states->v.v[i].why);
		free(states->v.v[i].moved);
		free(states->v.v[i].last_good);
	}
	rq_vec_release(&states->v);
}
