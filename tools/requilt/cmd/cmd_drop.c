// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt drop: entries leave a queue, with their files and records.
 */
#include "cmd/change.h"

static bool dry;

const struct rq_opt rq_cmd_drop_options[] = {
	{ "dry-run", 'n', RQ_OPT_FLAG, NULL, "remove nothing; say what would go", &dry },
	{ 0 },
};

static int drop(const char *queue, char **names, int n, struct rq_err *err)
{
	_cleanup_(rq_cmd_change_release) struct rq_cmd_change change = { 0 };
	_cleanup_(rq_names_release) struct rq_names entries = { 0 };
	int rc = rq_cmd_change_begin(&change, err);

	for (int i = 0; i < n && !rc; i++) {
		_cleanup_free_ char *entry = NULL;

		rc = rq_cmd_change_entry(&entry, &change, queue, names[i], err);
		if (!rc)
			rq_names_add_once(&entries, rq_slice_of(entry));
	}
	if (!rc)
		rc = rq_plan_drop(&change.plan, &change.all, queue, &entries, err);
	if (!rc)
		rc = rq_cmd_change_run(&change, dry, err);
	if (!rc && !dry && !rq_globals.quiet)
		printf("'requilt port %s' brings the branches up to date\n", queue);
	return rc;
}

int rq_cmd_drop(int argc, char **argv, struct rq_err *err)
{
	int rc;

	if (argc < 2)
		return rq_err_set(err, RQ_EUSAGE, "drop: name queue and entry");
	rc = rq_cmd_check_name("queue", argv[0], err);
	return rc ? rc : drop(argv[0], argv + 1, argc - 1, err);
}
