// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt show: what became of the entries on one branch, and how an emitted patch differs from
 * its source.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "queue/lastgood.h"
#include "queue/queue.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

static const char *out_dir;

const struct rq_opt rq_cmd_show_options[] = {
	{ "out", 0, RQ_OPT_STRING, "DIR", "where port wrote (default: series)",
	  &out_dir },
	{ 0 },
};

static int print_delta(const char *folder, char **argv, struct rq_err *err)
{
	struct rq_interdiff delta = { 0 };
	int rc = rq_cmd_interdiff(&delta, folder, argv[0], argv[1], argv[2], err);

	if (!rc && delta.kind == RQ_INTERDIFF_HUNKS)
		rq_print_clean(stdout, "--- %s\n+++ %s\n", delta.source, delta.emitted);
	if (!rc && delta.kind == RQ_INTERDIFF_SAME)
		printf("the emitted patch is the source patch, byte for byte\n");
	else if (!rc)
		rq_cmd_put_text(&delta.text);
	rq_interdiff_release(&delta);
	return rc;
}

/* What reviewers wrote on the entry, where it came with its review. */
static int print_notes(const char *entry, struct rq_err *err)
{
	_cleanup_free_ char *path =
		rq_xasprintf("%s/patches/%s.notes", rq_globals.dir, entry);
	struct rq_str notes = { 0 };
	int rc = rq_file_read_within(&notes, rq_globals.dir, path, err);

	if (!rc) {
		putchar('\n');
		rq_cmd_put_text(&notes);
	}
	rq_str_release(&notes);
	return rc == RQ_ENOTFOUND ? 0 : rc;
}

static int print_last_good(const char *folder, struct rq_err *err)
{
	_cleanup_free_ char *good = rq_last_good_path(folder), *version = NULL;
	_cleanup_free_ char *notes = rq_cmd_cache_path("ported");
	int rc = rq_last_good_version(&version, folder, notes, err);

	if (!rc && good && version)
		rq_print_clean(stdout, "last good: %s, %s\n", version, good);
	return rc;
}

/* The state of the branch, asked of the cache alone; false where that cannot be said. */
static bool find_state(struct rq_states *states, char **argv, const char *out)
{
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	struct rq_branches branches = { 0 };
	struct rq_series series = { 0 };
	struct rq_err ignored;
	bool found = rq_cmd_port_begin(&port, out, &branches, &ignored) == 0;

	port.options.progress = NULL;
	port.options.check = RQ_CHECK_NOTED;
	port.options.jobs = 1;
	found = found && rq_cmd_branches(&branches, &ignored) == 0 &&
		rq_cmd_series(&series, argv[0], &branches, &ignored) == 0 &&
		rq_queue_states(states, &series, argv + 1, 1, &port.options, &ignored) ==
			0;
	rq_series_release(&series);
	rq_branches_release(&branches);
	return found;
}

/* What follows is what the files say: who reads it is to know what that is worth. */
static void print_worth(char **argv, const char *out)
{
	struct rq_states states = { 0 };
	bool found = find_state(&states, argv, out);

	if (found && states.v.v[0].stale)
		rq_print_clean(stdout,
			       "stale: made from something else; 'requilt port %s' ports "
			       "again\n",
			       argv[0]);
	else if (!found || states.v.v[0].unchecked)
		rq_print_clean(
			stdout,
			"unchecked: not known to be what the queue gives; 'requilt "
			"status %s' finds out\n",
			argv[0]);
	rq_states_release(&states);
}

/*
 * What @argv calls queue, branch and entry, as the queue has them now; *entry is a copy, or NULL.  What was
 * ported may have others, so a failure is told only where nothing was found.
 */
static int find_meant(char **entry, int argc, char **argv, struct rq_err *err)
{
	struct rq_branches branches = { 0 };
	struct rq_series series = { 0 };
	const struct rq_branch *branch;
	const char *name = NULL;
	int rc = rq_cmd_branches(&branches, err);

	if (!rc)
		rc = rq_cmd_series(&series, argv[0], &branches, err);
	if (!rc)
		rc = rq_branches_need(&branch, &branches, argv[1], err);
	if (!rc && argc > 2)
		rc = rq_cmd_entry(&name, &series, argv[2], err);
	if (!rc && name)
		*entry = rq_xstrdup(name);
	rq_series_release(&series);
	rq_branches_release(&branches);
	return rc;
}

int rq_cmd_show(int argc, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *series = rq_path_join(rq_globals.dir, "series");
	_cleanup_free_ char *folder = NULL, *path = NULL, *meant = NULL;
	const char *out = out_dir ? out_dir : series;
	struct rq_err unknown = { 0 };
	bool found;
	struct rq_str json = { 0 };
	int rc;

	if (argc < 2 || argc > 3)
		return rq_err_set(err, RQ_EUSAGE,
				  "show: name queue and branch, and maybe an entry");
	if (rq_cmd_check_name("queue", argv[0], err) ||
	    rq_cmd_check_name("branch", argv[1], err))
		return err->code;
	if (argc > 2 && rq_cmd_check_entry(argv[2], err))
		return err->code;
	if (rq_cmd_need_queue(err))
		return err->code;
	rq_pager_begin();
	folder = rq_xasprintf("%s/%s/%s", out, argv[0], argv[1]);
	path = rq_path_join(folder, "port.json");
	rc = rq_file_read_below(&json, folder, "port.json", err);
	found = find_meant(&meant, argc, argv, &unknown) == 0;
	if (rc == RQ_ENOTFOUND && !found)
		return rq_err_set(err, unknown.code, "%s", unknown.msg);
	if (rc == RQ_ENOTFOUND)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: not there; port the queue first",
				path);
	if (found && meant)
		argv[2] = meant;
	if (!rc && !rq_globals.json)
		print_worth(argv, out);
	if (!rc && rq_globals.json)
		fwrite(json.s, 1, json.len, stdout);
	else if (!rc)
		rc = rq_report_show(stdout, path, rq_str_slice(&json),
				    argc > 2 ? argv[2] : NULL, rq_cmd_color(), err);
	if (rc && !found)
		rc = rq_err_set(err, unknown.code, "%s", unknown.msg);
	if (!rc && argc == 2 && !rq_globals.json)
		rc = print_last_good(folder, err);
	if (!rc && argc > 2 && !rq_globals.json)
		rc = print_delta(folder, argv, err);
	if (!rc && argc > 2 && !rq_globals.json)
		rc = print_notes(argv[2], err);
	rq_str_release(&json);
	return rc;
}
