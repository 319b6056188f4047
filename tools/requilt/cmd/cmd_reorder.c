// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt reorder: entries take another place in the series.  Comments stay where they are.
 */
#include "cmd/change.h"

static const char *before, *after;
static bool dry;

const struct rq_opt rq_cmd_reorder_options[] = {
	{ "before", 0, RQ_OPT_STRING, "ENTRY", "put them in front of this one", &before },
	{ "after", 0, RQ_OPT_STRING, "ENTRY", "put them after this one", &after },
	{ "dry-run", 'n', RQ_OPT_FLAG, NULL, "change nothing; say what would be", &dry },
	{ 0 },
};

/* The lines of the entries named, in that order. */
static int find_lines(long *lines, const struct rq_cmd_change *change, const char *queue,
		      struct rq_slice bytes, char **names, int n, struct rq_err *err)
{
	int rc = 0;

	for (int i = 0; i < n && !rc; i++) {
		_cleanup_free_ char *entry = NULL;

		rc = rq_cmd_change_entry(&entry, change, queue, names[i], err);
		if (rc)
			return rc;
		lines[i] = rq_series_line(bytes, entry);
		for (int k = 0; k < i; k++)
			if (lines[k] == lines[i])
				rc = rq_err_set(err, RQ_EUSAGE,
						"reorder: %s is named twice", entry);
	}
	return rc;
}

static int plan(struct rq_cmd_change *change, const char *queue, char **names, int n,
		struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 }, now = { 0 };
	_cleanup_free_ long *lines = rq_xcalloc((size_t)n + 1, sizeof(*lines));
	_cleanup_free_ char *path = rq_xasprintf("series/%s.series", queue);
	char *place = (char *)(before ? before : after);
	int rc = rq_entries_read(&bytes, &change->all, queue, "series", err);

	/* The place is no line that moves, so it is looked for beside them. */
	names[n] = place;
	if (!rc)
		rc = find_lines(lines, change, queue, rq_str_slice(&bytes), names, n + 1,
				err);
	if (rc)
		return rc;
	rq_series_reorder(&now, rq_str_slice(&bytes), lines, (size_t)n, lines[n],
			  after != NULL);
	if (rq_slice_eq(rq_str_slice(&now), rq_str_slice(&bytes))) {
		rq_plan_say(&change->plan, "%s: they are there already", path);
		return 0;
	}
	for (int i = 0; i < n; i++)
		rq_plan_say(&change->plan, "%s:%ld: %s: %s %s", path, lines[i], names[i],
			    before ? "before" : "after", place);
	rq_plan_put(&change->plan, path, &now);
	return 0;
}

static int reorder(const char *queue, char **names, int n, struct rq_err *err)
{
	_cleanup_(rq_cmd_change_release) struct rq_cmd_change change = { 0 };
	int rc = rq_cmd_change_begin(&change, err);
	bool changes;

	if (!rc)
		rc = plan(&change, queue, names, n, err);
	changes = change.plan.steps.n > 0;
	if (!rc)
		rc = rq_cmd_change_run(&change, dry, err);
	if (!rc && changes && !dry && !rq_globals.quiet)
		printf("'requilt port %s' brings the branches up to date\n", queue);
	return rc;
}

int rq_cmd_reorder(int argc, char **argv, struct rq_err *err)
{
	int rc;

	if (argc < 2)
		return rq_err_set(err, RQ_EUSAGE, "reorder: name queue and entry");
	if (!before == !after)
		return rq_err_set(err, RQ_EUSAGE,
				  "reorder: one of --before ENTRY and --after ENTRY");
	rc = rq_cmd_check_name("queue", argv[0], err);
	return rc ? rc : reorder(argv[0], argv + 1, argc - 1, err);
}
