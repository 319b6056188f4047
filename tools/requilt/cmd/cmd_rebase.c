// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt rebase: a series that is pushed, onto a newer base.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "cmd/json.h"
#include "queue/lastgood.h"
#include "queue/queue.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

static const char *from_dir, *out_dir, *upstream;
static bool dry;

const struct rq_opt rq_cmd_rebase_options[] = {
	{ "from", 0, RQ_OPT_STRING, "DIR",
	  "the quilt series to take (default: what port wrote for the branch)",
	  &from_dir },
	{ "out", 0, RQ_OPT_STRING, "DIR", "write it to DIR (default: in its own place)",
	  &out_dir },
	{ "upstream", 0, RQ_OPT_STRING, "DIR",
	  "a repository with the releases' history (default: branches.conf)", &upstream },
	{ "dry-run", 'n', RQ_OPT_FLAG, NULL,
	  "write nothing; say what became of each patch", &dry },
	{ 0 },
};

static void print(const struct rq_rebase *rebase, char **argv)
{
	const struct rq_matrix_options look = { .color = rq_cmd_color(),
						.quiet = rq_globals.quiet,
						.verbose = rq_globals.verbose };
	struct rq_str json = { 0 };

	if (!rq_globals.json) {
		rq_report_rebased(stdout, rebase, &look);
		return;
	}
	rq_report_rebased_json(&json, rebase, argv[0], argv[1]);
	rq_cmd_put_json(rq_str_slice(&json));
	rq_str_release(&json);
}

static int vouch(const char *queue, const char *branch,
		 const struct rq_branches *branches, struct rq_err *err)
{
	_cleanup_free_ char *out = rq_path_join(rq_globals.dir, "series");
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	struct rq_series series = { 0 };
	int rc = rq_cmd_port_begin(&port, out, branches, err);

	if (!rc)
		rc = rq_cmd_series(&series, queue, branches, err);
	if (!rc)
		rc = rq_queue_vouch(&series, branch, &port.options, err);
	rq_series_release(&series);
	return rc;
}

/*
 * What lies below series/ may come from anybody: a note says that it was written here, or the queue
 * still gives it.  Whoever names a folder takes it as it is.
 */
static int check_own(const char *folder, bool is_port, char **argv,
		     const struct rq_branches *branches, const char *notes,
		     struct rq_err *err)
{
	_cleanup_free_ char *series = rq_path_join(folder, "series");
	_cleanup_free_ char *port = rq_path_join(folder, "port.json");
	struct rq_err ignored;

	if (!rq_file_exists(series) || rq_output_is_noted(folder, notes))
		return 0;
	if (is_port && rq_file_exists(port) &&
	    vouch(argv[0], argv[1], branches, &ignored) == 0)
		return 0;
	return rq_err_set(
		err, RQ_EQUEUE,
		"%s: neither a note here nor the queue says that this program "
		"wrote it; read it, then '--from %s --out DIR' takes it as it is",
		folder, folder);
}

int rq_cmd_rebase(int argc, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *below = NULL, *own = NULL, *repo = NULL, *good = NULL;
	_cleanup_free_ char *cache = rq_cmd_cache_path("semantic");
	_cleanup_free_ char *notes = rq_cmd_cache_path("ported");
	struct rq_branches branches = { 0 };
	struct rq_rebase rebase = { 0 };
	int rc;

	if (argc < 2 || argc > 3)
		return rq_err_set(
			err, RQ_EUSAGE,
			"rebase: name queue and branch, and maybe the new base");
	if (from_dir && !out_dir)
		return rq_err_set(err, RQ_EUSAGE,
				  "rebase: --from takes somebody's series; say where the "
				  "new one goes: --out DIR");
	below = rq_xasprintf("series/%s/%s", argv[0], argv[1]);
	own = rq_path_join(rq_globals.dir, below);
	rc = rq_cmd_check_name("queue", argv[0], err);
	if (!rc)
		rc = rq_cmd_check_name("branch", argv[1], err);
	if (!rc && !out_dir)
		rc = rq_dir_check_below(rq_globals.dir, below, err);
	if (!rc)
		rc = rq_cmd_branches(&branches, err);
	if (!rc)
		repo = rq_cmd_repo_path(err);
	if (!rc && !repo)
		rc = err->code;
	good = rq_last_good_path(from_dir ? from_dir : own);
	if (!rc && good && !rq_globals.quiet)
		rq_print_clean(stderr,
			       "requilt: the port is red; this takes its last good "
			       "series, %s\n",
			       good);
	if (!rc && !from_dir)
		rc = check_own(good ? good : own, !good, argv, &branches, notes, err);
	if (!rc) {
		const struct rq_rebase_options options = {
			.root = rq_globals.dir,
			.repo_path = repo,
			.queue = argv[0],
			.branches = &branches,
			.cache = cache,
			.notes = notes,
			.progress = rq_cmd_progress(),
			.branch = argv[1],
			.from = good	   ? good
				: from_dir ? from_dir
					   : own,
			.out = out_dir ? out_dir : own,
			.onto = argc > 2 ? argv[2] : NULL,
			.upstream = upstream,
			.dry = dry,
		};

		rc = rq_rebase(&rebase, &options, err);
	}
	if (!rc)
		print(&rebase, argv);
	if (!rc && rebase.counts[RQ_REBASE_CONFLICT])
		rc = rq_err_set(err, RQ_EQUEUE,
				"%s: %zu of %zu patches conflict; nothing was written",
				argv[0], rebase.counts[RQ_REBASE_CONFLICT],
				rebase.entries.n);
	rq_rebase_release(&rebase);
	rq_branches_release(&branches);
	return rc;
}
