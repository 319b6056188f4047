// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the written output is worth now: the colour that port gave it, or stale when its base,
 * queue or ref moved since.  Reads only.
 */
#include "queue/queue_internal.h"

#include <stdlib.h>

#include "emit/emit.h"
#include "queue/lastgood.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

static int read_ref(char *hex, const struct rq_task *task, struct rq_err *err)
{
	_cleanup_free_ char *ref = rq_xasprintf(
		"refs/heads/requilt/%s/%s", task->port->series->name, task->branch->name);
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct rq_oid oid = { 0 };
	int rc = rq_repo_open(&repo, task->port->options->repo_path, err);

	if (!rc)
		rc = rq_ref_read(repo, ref, &oid, err);
	rq_oid_hex(hex, &oid);
	return rc == RQ_ENOTFOUND ? 0 : rc;
}

/*
 * The id of the files as they are now; of no files when one is missing.  A series that names what no
 * port writes is an error: it was edited to be read by us.
 */
static int read_output(char *hex, const struct rq_task *task, struct rq_err *err)
{
	_cleanup_free_ char *path =
		rq_xasprintf("%s/%s/%s", task->port->options->out,
			     task->port->series->name, task->branch->name);
	struct rq_outputs outputs = { 0 }, none = { 0 };
	int rc = rq_outputs_read(&outputs, path, err);

	rq_outputs_digest(hex, rc ? &none : &outputs);
	rq_outputs_release(&outputs);
	return rc == RQ_EUNSAFE || rc == RQ_EFORMAT ? rc : 0;
}

static int judge(struct rq_state *state, struct rq_task *task,
		 const struct rq_port_summary *summary, struct rq_err *err)
{
	char digest[RQ_OID_HEX + 1], head[RQ_OID_HEX + 1], output[RQ_OID_HEX + 1];
	int rc = rq_port_digest(digest, task, err);

	if (!rc)
		rc = read_ref(head, task, err);
	if (rc)
		return rc;
	state->version = rq_xstrdup(summary->version);
	rc = read_output(output, task, err);
	if (rc)
		return rc;
	state->stale = strcmp(digest, summary->digest) != 0 ||
		       strcmp(output, summary->output) != 0 ||
		       (*summary->head && strcmp(head, summary->head) != 0);
	state->word = rq_xstrdup(state->stale ? "stale" : summary->colour);
	return 0;
}

static int look(struct rq_state *state, struct rq_task *task, struct rq_err *err)
{
	_cleanup_free_ char *folder =
		rq_xasprintf("%s/%s/%s", task->port->options->out,
			     task->port->series->name, task->branch->name);
	_cleanup_free_ char *path = rq_path_join(folder, "port.json");
	struct rq_port_summary summary = { 0 };
	struct rq_str json = { 0 };
	int rc = rq_last_good_version(&state->last_good, folder, err);

	if (!rc)
		rc = rq_file_read_below(&json, folder, "port.json", err);
	state->branch = rq_xstrdup(task->branch->name);
	if (rc == RQ_ENOTFOUND) {
		state->stale = !rq_is_rebased(folder);
		state->word = rq_xstrdup(state->stale ? "missing" : "rebased");
		return 0;
	}
	if (!rc)
		rc = rq_report_summary(&summary, path, rq_str_slice(&json), err);
	if (!rc)
		rc = judge(state, task, &summary, err);
	rq_port_summary_release(&summary);
	rq_str_release(&json);
	return rc;
}

int rq_queue_states(struct rq_states *out, const struct rq_series *series,
		    char *const *names, int n_names,
		    const struct rq_port_options *options, struct rq_err *err)
{
	struct rq_record record = { 0 };
	struct rq_tasks tasks = { 0 };
	int rc = rq_tasks_load(&tasks, &record, series, names, n_names, options, err);

	for (size_t i = 0; i < tasks.n && !rc; i++)
		rc = look(rq_vec_push(&out->v), &tasks.v[i], err);
	rq_tasks_release(&tasks);
	rq_record_release(&record);
	return rc;
}

void rq_states_release(struct rq_states *states)
{
	for (size_t i = 0; i < states->v.n; i++) {
		free(states->v.v[i].branch);
		free(states->v.v[i].version);
		free(states->v.v[i].word);
		free(states->v.v[i].last_good);
	}
	rq_vec_release(&states->v);
}
