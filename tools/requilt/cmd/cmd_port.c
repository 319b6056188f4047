// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt port: a queue to its branches, then the matrix.
 */
#include "cmd/cmd.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/json.h"
#include "queue/queue.h"
#include "report/report.h"
#include "util/path.h"

static const char *out_dir;
static const char *fuzz_text;
static bool strict, fresh, unconfined, dry, refers, no_bridge;

const struct rq_opt rq_cmd_port_options[] = {
	{ "out", 0, RQ_OPT_STRING, "DIR",
	  "write <queue>/<branch>/ below DIR, and move no ref (default: series)",
	  &out_dir },
	{ "ref", 0, RQ_OPT_FLAG, NULL, "with --out: move the refs all the same",
	  &refers },
	{ "fuzz", 0, RQ_OPT_STRING, "N",
	  "drop up to N lines of context (default: branches.conf, else 0)", &fuzz_text },
	{ "fresh", 0, RQ_OPT_FLAG, NULL,
	  "port what is current, too, and ask spatch again", &fresh },
	{ "unconfined-rules", 0, RQ_OPT_FLAG, NULL,
	  "let semantic patches do what you may, where they cannot be confined",
	  &unconfined },
	{ "no-bridge", 0, RQ_OPT_FLAG, NULL, "translate no patch to an older API",
	  &no_bridge },
	{ "strict", 0, RQ_OPT_FLAG, NULL,
	  "yellow is a failure too, and so is a branch that gets nothing", &strict },
	{ "dry-run", 'n', RQ_OPT_FLAG, NULL, "write nothing; say what would come out",
	  &dry },
	{ 0 },
};

static int width_of_stdout(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
	    size.ws_col > 40)
		return size.ws_col;
	return columns && atoi(columns) > 40 ? atoi(columns) : 80;
}

static void print(const struct rq_record *record)
{
	const struct rq_matrix_options options = { .color = rq_cmd_color(),
						   .quiet = rq_globals.quiet,
						   .verbose = rq_globals.verbose,
						   .width = width_of_stdout(),
						   .out = out_dir };
	struct rq_str json = { 0 };

	if (!rq_globals.json) {
		rq_report_matrix(stdout, record, &options);
		return;
	}
	rq_report_json(&json, record);
	rq_cmd_put_json(rq_str_slice(&json));
	rq_str_release(&json);
}

/* A branch that the environment stopped says nothing about the queue. */
static enum rq_code code_of(const struct rq_branch_record *branch)
{
	if (branch->failure && rq_exit_status(branch->failure_code) == 128)
		return branch->failure_code;
	for (size_t i = 0; i < branch->entries.n; i++)
		if (branch->entries.v[i].no_tool)
			return RQ_ETOOL;
	return RQ_EQUEUE;
}

/* Red always fails; yellow only when --strict asks. */
static int verdict(const struct rq_record *record, struct rq_err *err)
{
	enum rq_code code = RQ_EQUEUE;
	size_t red = 0, yellow = 0, nothing = 0;

	for (size_t i = 0; i < record->branches.n; i++) {
		enum rq_colour colour = rq_branch_colour(&record->branches.v[i]);

		red += colour == RQ_RED;
		if (code_of(&record->branches.v[i]) != RQ_EQUEUE)
			code = code_of(&record->branches.v[i]);
		yellow += colour == RQ_YELLOW;
		nothing += colour == RQ_GREY;
	}
	if (red)
		return rq_err_set(err, code, "%s: %zu of %zu branches red", record->queue,
				  red, record->branches.n);
	if (yellow && strict)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: %zu of %zu branches yellow; read them, then "
				  "'requilt accept'",
				  record->queue, yellow, record->branches.n);
	if (nothing && strict)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: %zu of %zu branches get nothing, every entry is "
				  "skipped; see the guards in the series",
				  record->queue, nothing, record->branches.n);
	return 0;
}

static bool has_series(const struct rq_record *record)
{
	for (size_t i = 0; i < record->branches.n; i++)
		if (rq_branch_colour(&record->branches.v[i]) != RQ_RED)
			return true;
	return false;
}

static void say_where(const char *out, const struct rq_record *record)
{
	if (dry)
		fputs("requilt: nothing was written (--dry-run)\n", stderr);
	else if (has_series(record))
		rq_print_clean(stderr, "requilt: the series are in %s/%s/<branch>/\n",
			       out, record->queue);
}

/* Another directory than that of the queue's own output, by whatever name. */
static bool is_elsewhere(const char *series_dir)
{
	_cleanup_free_ char *own = realpath(series_dir, NULL);
	_cleanup_free_ char *out = out_dir ? realpath(out_dir, NULL) : NULL;

	return out_dir && (!own || !out || strcmp(own, out) != 0);
}

static int port(const char *queue, char *const *names, int n_names,
		struct rq_branches *branches, long fuzz, struct rq_err *err)
{
	_cleanup_free_ char *series_dir = rq_path_join(rq_globals.dir, "series");
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	struct rq_series series = { 0 };
	struct rq_record record = { 0 };
	int rc = rq_cmd_port_begin(&port, out_dir ? out_dir : series_dir, branches, err);

	if (rc)
		return rc;
	port.options.fresh = fresh;
	port.options.unconfined = unconfined;
	port.options.dry = dry;
	port.options.unreferred = !refers && is_elsewhere(series_dir);
	port.options.fuzz = fuzz;
	if (no_bridge)
		port.options.bridges = NULL;
	rc = rq_cmd_series(&series, queue, branches, err);
	if (!rc && series.crlf && !rq_globals.quiet)
		rq_print_clean(stderr,
			       "%s:%ld: lines end in CRLF, which quilt cannot read; what "
			       "port writes has none\n",
			       series.path, series.crlf);
	if (!rc && !series.entries.n)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: names no patch; nothing to port",
				series.path);
	if (!rc)
		rc = rq_port(&record, &series, names, n_names, &port.options, err);
	if (!rc) {
		print(&record);
		fflush(stdout);
		if (!rq_globals.quiet && !rq_globals.json)
			say_where(port.options.out, &record);
		rc = verdict(&record, err);
	}
	rq_record_release(&record);
	rq_series_release(&series);
	return rc;
}

static int read_fuzz(long *fuzz, struct rq_err *err)
{
	char *end;

	*fuzz = -1;
	if (!fuzz_text)
		return 0;
	*fuzz = strtol(fuzz_text, &end, 10);
	if (end == fuzz_text || *end || *fuzz < 0 || *fuzz > 100)
		return rq_err_set(err, RQ_EUSAGE,
				  "--fuzz takes a number from 0 to 100, not '%s'",
				  fuzz_text);
	return 0;
}

int rq_cmd_port(int argc, char **argv, struct rq_err *err)
{
	struct rq_branches branches = { 0 };
	_cleanup_free_ char *queue = argc ? rq_xstrdup(argv[0]) : NULL;
	long fuzz;
	int rc = read_fuzz(&fuzz, err);

	if (!rc && !queue)
		rc = rq_cmd_only_queue(&queue, err);
	if (!rc)
		rc = rq_cmd_branches(&branches, err);
	if (!rc)
		rc = port(queue, argv + 1, argc ? argc - 1 : 0, &branches, fuzz, err);
	rq_branches_release(&branches);
	return rc;
}
