// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt verify: compiles and checks what port made, branch by branch.  Refuses output that is
 * missing, stale or red: it would be about something else than the queue.
 */
#include "cmd/cmd.h"

#include <stdlib.h>
#include <unistd.h>

#include "cmd/json.h"
#include "queue/queue.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"
#include "verify/verify.h"

static const char *queue_name, *out_dir, *accel;
static bool build, sparse, each, boot, fresh;
static long limit = 600; /* seconds; a guest takes 15 without kvm */

const struct rq_opt rq_cmd_verify_options[] = {
	{ "queue", 0, RQ_OPT_STRING, "QUEUE", "which queue (default: the only one)",
	  &queue_name },
	{ "build", 0, RQ_OPT_FLAG, NULL,
	  "compile what the queue touches; no new warnings", &build },
	{ "sparse", 0, RQ_OPT_FLAG, NULL, "run sparse on it too; nothing new there",
	  &sparse },
	{ "each", 0, RQ_OPT_FLAG, NULL, "after every entry, not only at the end", &each },
	{ "boot", 0, RQ_OPT_FLAG, NULL, "boot base and port, run the guest tests in both",
	  &boot },
	{ "accel", 0, RQ_OPT_STRING, "HOW",
	  "what guests run on: kvm, tcg or auto (default: the branch's, else auto)",
	  &accel },
	{ "limit", 0, RQ_OPT_NUMBER, "SECONDS",
	  "how long a guest may take (default: 600)", &limit },
	{ "fresh", 0, RQ_OPT_FLAG, NULL,
	  "compile and check again what is known to be good", &fresh },
	{ "out", 0, RQ_OPT_STRING, "DIR", "where port wrote (default: series)",
	  &out_dir },
	{ 0 },
};

/* What one run works on. */
struct run {
	struct rq_branches branches;
	struct rq_series series;
	struct rq_states states;
	struct rq_verified verified;
	char *queue, *repo, *cache, *fragments, *guest, *out;
};

/* One line that changes in place. */
static void show_progress(const char *branch, const char *step, void *ctx)
{
	(void)ctx;
	fprintf(stderr, "\r%s: %s\033[K", branch, step);
}

static void show_notice(const char *branch, const char *text, void *ctx)
{
	(void)ctx;
	fprintf(stderr, "%srequilt: %s: %s\n", isatty(STDERR_FILENO) ? "\r\033[K" : "",
		branch, text);
}

static bool wants_progress(void)
{
	return isatty(STDERR_FILENO) && !rq_globals.quiet;
}

static char *result_path(const struct run *run, const char *key)
{
	return rq_xasprintf("%s/results/%s.json", run->cache, key);
}

static bool recall(struct rq_verified_branch *out, const char *key, void *ctx)
{
	_cleanup_free_ char *path = result_path(ctx, key);
	struct rq_str json = { 0 };
	struct rq_err ignored = { 0 };
	bool there = rq_file_read(&json, path, &ignored) == 0 &&
		     rq_report_verified_recall(out, !each, rq_str_slice(&json));

	rq_str_release(&json);
	return there;
}

/* As `verify --json` prints it, so that `report --results` takes it as well. */
static int keep(const struct rq_verified_branch *out, const char *key, void *ctx,
		struct rq_err *err)
{
	const struct run *run = ctx;
	_cleanup_free_ char *path = result_path(run, key);
	_cleanup_free_ char *folder = rq_path_join(run->cache, "results");
	struct rq_verified_branch one = *out;
	struct rq_verified verified = { .queue = run->queue,
					.build = build,
					.sparse = sparse };
	struct rq_str json = { 0 };
	int rc = rq_dir_make(folder, err);

	verified.branches.v = &one;
	verified.branches.n = 1;
	rq_report_verified_json(&json, &verified);
	if (!rc)
		rc = rq_file_write(path, rq_str_slice(&json), err);
	rq_str_release(&json);
	return rc;
}

static int read_ported(struct rq_ported *out, const struct run *run, const char *branch,
		       struct rq_err *err)
{
	_cleanup_free_ char *folder =
		rq_xasprintf("%s/%s/%s", run->out, run->queue, branch);
	_cleanup_free_ char *path = rq_path_join(folder, "port.json");
	struct rq_str json = { 0 };
	int rc = rq_file_read_below(&json, folder, "port.json", err);

	if (!rc)
		rc = rq_report_ported(out, path, rq_str_slice(&json), err);
	rq_str_release(&json);
	return rc;
}

static int verify_ported(struct rq_verified_branch *result, struct run *run,
			 const struct rq_branch *branch, const struct rq_state *state,
			 const struct rq_ported *ported, struct rq_err *err)
{
	_cleanup_free_ char *folder = rq_path_join(run->cache, branch->name);
	rq_vec(struct rq_verify_entry) entries = { 0 };
	struct rq_verify_job job = {
		.repo_path = run->repo,
		.folder = folder,
		.fragments = run->fragments,
		.branch = branch,
		.version = state->version,
		.base = ported->base,
		.build = build,
		.sparse = sparse,
		.each = each,
		.guest = run->guest,
		.boot = boot,
		.boot_seconds = limit,
		.accel = accel		 ? accel
			 : branch->accel ? branch->accel
					 : "auto",
		.fresh = fresh,
		.jobs = rq_cmd_jobs(),
		.progress = wants_progress() ? show_progress : NULL,
		.notice = rq_globals.quiet ? NULL : show_notice,
		.recall = fresh ? NULL : recall,
		.keep = keep,
		.ctx = run,
	};
	int rc;

	for (size_t i = 0; i < ported->entries.n; i++)
		*rq_vec_push(&entries) =
			(struct rq_verify_entry){ ported->entries.v[i].patch,
						  ported->entries.v[i].commit };
	job.entries = entries.v;
	job.n_entries = entries.n;
	rc = rq_verify_branch(result, &job, err);
	if (wants_progress())
		fputs("\r\033[K", stderr);
	rq_vec_release(&entries);
	return rc;
}

static int verify_state(struct rq_verified_branch *result, struct run *run,
			const struct rq_state *state, struct rq_err *err)
{
	const struct rq_branch *branch = rq_branches_find(&run->branches, state->branch);
	struct rq_ported ported = { 0 };
	int rc;

	if (state->stale || state->unchecked || strcmp(state->word, "red") == 0) {
		result->branch = rq_xstrdup(state->branch);
		return rq_err_set(err, RQ_EQUEUE,
				  "the port is %s%s%s; run 'requilt port %s'",
				  state->word, state->why ? ": " : "",
				  state->why ? state->why : "", run->queue);
	}
	rc = read_ported(&ported, run, state->branch, err);
	if (!rc)
		rc = verify_ported(result, run, branch, state, &ported, err);
	rq_ported_release(&ported);
	return rc;
}

static void print(const struct rq_verified_branch *result)
{
	const struct rq_verified_options options = { .color = rq_cmd_color(),
						     .quiet = rq_globals.quiet,
						     .verbose = rq_globals.verbose };

	if (!rq_globals.json)
		rq_report_verified(stdout, result, &options);
	fflush(stdout);
}

/* One branch that fails stops no other. */
static void verify_all(struct run *run)
{
	for (size_t i = 0; i < run->states.v.n; i++) {
		const struct rq_state *state = &run->states.v.v[i];
		struct rq_verified_branch *result;
		struct rq_err err = { 0 };
		int rc;

		result = rq_vec_push(&run->verified.branches);
		rc = verify_state(result, run, state, &err);
		if (!result->branch)
			result->branch = rq_xstrdup(state->branch);
		if (rc) {
			result->failure = rq_xstrdup(err.msg);
			result->failure_code = rc;
		}
		print(result);
	}
}

static int verdict(const struct rq_verified *verified, struct rq_err *err)
{
	enum rq_code code = RQ_EQUEUE;
	size_t bad = 0;

	for (size_t i = 0; i < verified->branches.n; i++) {
		const struct rq_verified_branch *branch = &verified->branches.v[i];

		bad += rq_verified_verdict(branch) != RQ_VERDICT_OK;
		if (branch->failure && rq_exit_status(branch->failure_code) == 128)
			code = branch->failure_code;
		if (branch->boot && branch->boot->base.state == RQ_BOOT_NO_QEMU)
			code = RQ_ETOOL;
	}
	return bad ? rq_err_set(err, code, "%s: %zu of %zu branches failed",
				verified->queue, bad, verified->branches.n)
		   : 0;
}

/* What is the queue's may not lead out of it by a link; what was installed is where it is. */
static int check_own(const char *path, struct rq_err *err)
{
	size_t n = strlen(rq_globals.dir);
	bool own = strncmp(path, rq_globals.dir, n) == 0 && path[n] == '/';

	return own && rq_file_check_within(rq_globals.dir, path, err) == RQ_EUNSAFE
		       ? RQ_EUNSAFE
		       : 0;
}

static int prepare(struct run *run, char **names, int n, struct rq_err *err)
{
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	int rc = rq_cmd_branches(&run->branches, err);

	if (!rc && queue_name)
		run->queue = rq_xstrdup(queue_name);
	else if (!rc)
		rc = rq_cmd_only_queue(&run->queue, err);
	if (rc)
		return rc;
	run->out = out_dir ? rq_xstrdup(out_dir) : rq_path_join(rq_globals.dir, "series");
	rc = rq_cmd_port_begin(&port, run->out, &run->branches, err);
	if (rc)
		return rc;
	run->repo = rq_xstrdup(port.repo);
	run->cache = rq_cmd_cache_path("verify");
	if (!run->cache)
		return rq_err_set(err, RQ_EUSAGE,
				  "neither XDG_CACHE_HOME nor HOME is set; there is no "
				  "place for work trees");
	run->fragments = rq_cmd_ci_path("kconfig");
	run->guest = rq_cmd_ci_path("guest");
	if (check_own(run->fragments, err) || check_own(run->guest, err))
		return err->code;
	run->verified.queue = rq_xstrdup(run->queue);
	run->verified.build = build;
	run->verified.sparse = sparse;
	run->verified.boot = boot;
	rc = rq_cmd_series(&run->series, run->queue, &run->branches, err);
	return rc ? rc
		  : rq_queue_states(&run->states, &run->series, names, n, &port.options,
				    err);
}

static void release(struct run *run)
{
	rq_states_release(&run->states);
	rq_series_release(&run->series);
	rq_branches_release(&run->branches);
	rq_verified_release(&run->verified);
	free(run->queue);
	free(run->repo);
	free(run->cache);
	free(run->fragments);
	free(run->guest);
	free(run->out);
}

int rq_cmd_verify(int argc, char **argv, struct rq_err *err)
{
	struct run run = { 0 };
	struct rq_str json = { 0 };
	int rc;

	if (!build && !sparse && !boot)
		return rq_err_set(
			err, RQ_EUSAGE,
			"verify: say what to do: --build, --sparse, --boot, or several");
	if (accel && !rq_accel_known(accel))
		return rq_err_set(err, RQ_EUSAGE,
				  "verify: --accel takes kvm, tcg or auto, not '%s'",
				  accel);
	rc = prepare(&run, argv, argc, err);
	if (!rc) {
		verify_all(&run);
		if (rq_globals.json)
			rq_report_verified_json(&json, &run.verified);
		rq_cmd_put_json(rq_str_slice(&json));
		fflush(stdout);
		rc = verdict(&run.verified, err);
	}
	rq_str_release(&json);
	release(&run);
	return rc;
}
