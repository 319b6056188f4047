// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the names that a person gave to a plan, and from the plan to what is told.
 */
#include "cmd/change.h"

#include <stdlib.h>
#include <unistd.h>

#include "cmd/json.h"
#include "resolve/place.h"
#include "util/file.h"
#include "util/path.h"

/* Where the user's data says which plan of this queue repository is theirs. */
static char *witness_path(struct rq_err *err)
{
	_cleanup_free_ char *real = realpath(rq_globals.dir, NULL);
	_cleanup_free_ char *name = NULL;
	char hex[RQ_OID_HEX + 1], *path;
	struct rq_oid oid;

	if (!real) {
		rq_err_errno(err, "%s", rq_globals.dir);
		return NULL;
	}
	rq_oid_of(&oid, RQ_OBJ_BLOB, real, strlen(real));
	name = rq_xasprintf("changes/%s", rq_oid_hex(hex, &oid));
	path = rq_cmd_data_path(name);
	if (!path)
		rq_err_set(err, RQ_EUSAGE,
			   "neither XDG_DATA_HOME nor HOME is set; a change of several "
			   "files "
			   "is noted there");
	return path;
}

int rq_cmd_finish_change(struct rq_err *err)
{
	_cleanup_free_ char *series = rq_path_join(rq_globals.dir, "series");
	_cleanup_free_ char *repo = NULL, *place = NULL, *witness = NULL;
	bool done = false;
	int lock = -1, rc;

	if (!rq_plan_waits(rq_globals.dir))
		return 0;
	place = rq_path_join(rq_globals.dir, RQ_PLACE);
	rc = rq_repo_check_owner(place, err);
	if (!rc)
		rc = rq_dir_lock(&lock, series, err);
	/* Whoever had the lock may have been about it. */
	if (!rc && rq_plan_waits(rq_globals.dir)) {
		repo = rq_cmd_repo_path(err);
		witness = repo ? witness_path(err) : NULL;
		rc = witness ? rq_plan_finish(&done, rq_globals.dir, repo, witness, err)
			     : (int)err->code;
		if (!rc && done)
			fputs("requilt: a change of the queue that was interrupted is "
			      "done now\n",
			      stderr);
	}
	if (lock >= 0)
		close(lock);
	return rc;
}

int rq_cmd_change_begin(struct rq_cmd_change *change, struct rq_err *err)
{
	_cleanup_free_ char *series = rq_path_join(rq_globals.dir, "series");
	int rc;

	change->lock = -1;
	rc = rq_cmd_branches(&change->branches, err);
	if (!rc)
		rc = rq_dir_lock(&change->lock, series, err);
	if (!rc)
		rc = rq_cmd_queues(&change->queues, err);
	if (rc)
		return rc;
	change->repo = rq_cmd_repo_path(err);
	change->all = (struct rq_entries){ .root = rq_globals.dir,
					   .queues = &change->queues,
					   .branches = &change->branches };
	return change->repo ? 0 : (int)err->code;
}

static void unlock(struct rq_cmd_change *change)
{
	if (change->lock > 0)
		close(change->lock);
	change->lock = -1;
}

int rq_cmd_change_run(struct rq_cmd_change *change, bool dry, struct rq_err *err)
{
	_cleanup_free_ char *witness = dry ? NULL : witness_path(err);
	int rc = dry	   ? 0
		 : witness ? rq_plan_run(&change->plan, rq_globals.dir, change->repo,
					 witness, err)
			   : (int)err->code;

	for (size_t i = 0; i < change->plan.said.v.n && !rc; i++)
		if ((dry && !rq_globals.json) || !rq_globals.quiet)
			rq_print_clean(stdout, "%s\n", change->plan.said.v.v[i]);
	for (size_t i = 0; i < change->plan.steps.n && !rc; i++) {
		const struct rq_step *step = &change->plan.steps.v[i];

		rq_cmd_did(rq_step_word(step->kind), "path", step->path, "to", step->to,
			   NULL);
	}
	unlock(change);
	return rc;
}

void rq_cmd_change_release(struct rq_cmd_change *change)
{
	unlock(change);
	rq_plan_release(&change->plan);
	rq_names_release(&change->queues);
	rq_branches_release(&change->branches);
	free(change->repo);
}

int rq_cmd_change_entry(char **out, const struct rq_cmd_change *change, const char *queue,
			const char *name, struct rq_err *err)
{
	_cleanup_(rq_series_release) struct rq_series series = { 0 };
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	const char *found = name;
	int rc = rq_entries_read(&bytes, &change->all, queue, "series", err);

	if (!rc && !rq_series_line(rq_str_slice(&bytes), name)) {
		rc = rq_cmd_series(&series, queue, &change->branches, err);
		if (!rc)
			rc = rq_cmd_entry(&found, &series, name, err);
	}
	*out = rc ? NULL : rq_xstrdup(found);
	return rc;
}

void rq_cmd_current(struct rq_names *out, const struct rq_branches *branches,
		    const char *queue)
{
	_cleanup_free_ char *folder = rq_path_join(rq_globals.dir, "series");
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	_cleanup_(rq_series_release) struct rq_series series = { 0 };
	struct rq_states states = { 0 };
	struct rq_err ignored;
	int rc = rq_cmd_port_begin(&port, folder, branches, &ignored);

	if (!rc)
		rc = rq_series_load(&series, rq_globals.dir, queue, branches, &ignored);
	if (!rc)
		rc = rq_queue_states(&states, &series, NULL, 0, &port.options, &ignored);
	for (size_t i = 0; i < states.v.n && !rc; i++)
		if (!states.v.v[i].stale && !states.v.v[i].unchecked)
			rq_names_add(out, rq_slice_of(states.v.v[i].branch));
	rq_states_release(&states);
}

static void tell_ported(const struct rq_record *record)
{
	for (size_t i = 0; i < record->branches.n; i++) {
		const struct rq_branch_record *branch = &record->branches.v[i];

		if (branch->failure)
			rq_print_clean(stderr, "requilt: %s: not ported again: %s\n",
				       branch->branch, branch->failure);
		else if (!rq_globals.quiet)
			rq_print_clean(stdout, "series/%s/%s: ported again, %s\n",
				       record->queue, branch->branch,
				       rq_branch_word(rq_branch_colour(branch)));
		if (!branch->failure)
			rq_cmd_did("port", "queue", record->queue, "branch",
				   branch->branch, "colour",
				   rq_branch_word(rq_branch_colour(branch)), NULL);
	}
}

int rq_cmd_port_again(const struct rq_names *names, const struct rq_branches *branches,
		      const char *queue, struct rq_err *err)
{
	_cleanup_free_ char *folder = rq_path_join(rq_globals.dir, "series");
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	_cleanup_(rq_series_release) struct rq_series series = { 0 };
	struct rq_record record = { 0 };
	int rc;

	if (!names->v.n)
		return 0;
	rc = rq_cmd_port_begin(&port, folder, branches, err);
	if (!rc)
		rc = rq_cmd_series(&series, queue, branches, err);
	if (!rc)
		rc = rq_port(&record, &series, names->v.v, (int)names->v.n, &port.options,
			     err);
	if (!rc)
		tell_ported(&record);
	rq_record_release(&record);
	return rc;
}
