// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt show: what became of the entries on one branch, and how an emitted patch differs from
 * its source.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "cmd/json.h"
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

static int print_delta(const char *folder, char **argv, const char *entry,
		       struct rq_err *err)
{
	_cleanup_(rq_branches_release) struct rq_branches branches = { 0 };
	struct rq_interdiff delta = { 0 };
	int rc = rq_cmd_branches(&branches, err);

	if (!rc)
		rc = rq_cmd_interdiff(&delta, folder, argv[0],
				      rq_branches_find(&branches, argv[1]), entry, err);
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

/* The queue as it is now, which what was ported need not be. */
struct now {
	struct rq_branches branches;
	struct rq_series series;
	const char *entry;  /* what the words call it; NULL: none */
	bool loaded, found; /* branches and series; all that the words name */
	struct rq_err err;  /* why not */
};

static void now_release(struct now *now)
{
	rq_series_release(&now->series);
	rq_branches_release(&now->branches);
}

static void load_now(struct now *now, int argc, char **argv)
{
	const struct rq_branch *branch;
	int rc = rq_cmd_branches(&now->branches, &now->err);

	if (!rc)
		rc = rq_cmd_series(&now->series, argv[0], &now->branches, &now->err);
	now->loaded = rc == 0;
	if (!rc)
		rc = rq_branches_need(&branch, &now->branches, argv[1], &now->err);
	if (!rc && argc > 2)
		rc = rq_cmd_entry(&now->entry, &now->series, argv[2], &now->err);
	now->found = rc == 0;
}

/* The state of the branch, asked of the cache alone; false where that cannot be said. */
static bool find_state(struct rq_states *states, const struct now *now, char **argv,
		       const char *out)
{
	_cleanup_(rq_cmd_port_end) struct rq_cmd_port port = { 0 };
	struct rq_err ignored;

	if (!now->loaded || rq_cmd_port_begin(&port, out, &now->branches, &ignored))
		return false;
	port.options.progress = NULL;
	port.options.check = RQ_CHECK_NOTED;
	port.options.jobs = 1;
	return rq_queue_states(states, &now->series, argv + 1, 1, &port.options,
			       &ignored) == 0;
}

/* What follows is what the files say: who reads it is to know what that is worth. */
static void print_worth(const struct now *now, char **argv, const char *out)
{
	struct rq_states states = { 0 };
	bool found = find_state(&states, now, argv, out);

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

static int show(const struct now *now, int argc, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *series = rq_path_join(rq_globals.dir, "series");
	const char *out = out_dir ? out_dir : series;
	const char *entry = now->entry ? now->entry : argc > 2 ? argv[2] : NULL;
	_cleanup_free_ char *folder = rq_xasprintf("%s/%s/%s", out, argv[0], argv[1]);
	_cleanup_free_ char *path = rq_path_join(folder, "port.json");
	_cleanup_(rq_str_release) struct rq_str json = { 0 };
	int rc = rq_file_read_below(&json, folder, "port.json", err);

	if (rc == RQ_ENOTFOUND && !now->found)
		return rq_err_set(err, now->err.code, "%s", now->err.msg);
	if (rc == RQ_ENOTFOUND)
		return rq_err_set(err, RQ_EFORMAT, "%s: not there; port the queue first",
				  path);
	if (rc)
		return rc;
	if (rq_globals.json) {
		rq_cmd_put_json(rq_str_slice(&json));
		return 0;
	}
	print_worth(now, argv, out);
	rc = rq_report_show(stdout, path, rq_str_slice(&json), entry, rq_cmd_color(),
			    err);
	if (rc && !now->found)
		return rq_err_set(err, now->err.code, "%s", now->err.msg);
	if (rc)
		return rc;
	if (!entry)
		return print_last_good(folder, err);
	rc = print_delta(folder, argv, entry, err);
	return rc ? rc : print_notes(entry, err);
}

int rq_cmd_show(int argc, char **argv, struct rq_err *err)
{
	struct now now = { 0 };
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
	load_now(&now, argc, argv);
	rc = show(&now, argc, argv, err);
	now_release(&now);
	return rc;
}
