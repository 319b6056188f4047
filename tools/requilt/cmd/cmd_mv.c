// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt mv, queue-rename: another name for an entry or a queue, with all that has the name.
 */
#include "cmd/change.h"

#include "util/file.h"
#include "util/path.h"

static bool dry;

const struct rq_opt rq_cmd_mv_options[] = {
	{ "dry-run", 'n', RQ_OPT_FLAG, NULL, "change nothing; say what would be", &dry },
	{ 0 },
};

/* A bare file name stays in the directory of @beside. */
static char *full_name(const char *name, const char *beside)
{
	size_t n = (size_t)(rq_path_base(beside) - beside);

	return strchr(name, '/') ? rq_xstrdup(name)
				 : rq_xasprintf("%.*s%s", (int)n, beside, name);
}

/* Where a person renamed the line and the file already, its records have the old name still. */
static int find_entry(char **from, const struct rq_cmd_change *change, const char *queue,
		      char **argv, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	_cleanup_free_ char *there = rq_xasprintf("%s/", queue);
	_cleanup_free_ char *to = full_name(argv[1], there);
	struct rq_err ignored;
	int rc = rq_cmd_change_entry(from, change, queue, argv[0], err);

	if (!rc || rq_entries_read(&bytes, &change->all, queue, "series", &ignored) ||
	    !rq_series_line(rq_str_slice(&bytes), to))
		return rc;
	*from = full_name(argv[0], to);
	return 0;
}

static int mv(const char *queue, char **argv, struct rq_err *err)
{
	_cleanup_(rq_cmd_change_release) struct rq_cmd_change change = { 0 };
	_cleanup_(rq_names_release) struct rq_names current = { 0 };
	_cleanup_free_ char *from = NULL, *to = NULL;
	int rc = rq_cmd_change_begin(&change, err);

	if (!rc)
		rc = find_entry(&from, &change, queue, argv, err);
	if (rc)
		return rc;
	to = full_name(argv[1], from);
	rc = rq_plan_rename(&change.plan, &change.all, queue, from, to, err);
	if (!rc && !change.plan.steps.n)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: nothing has that name any more",
				from);
	if (!rc && !dry)
		rq_cmd_current(&current, &change.branches, queue);
	if (!rc)
		rc = rq_cmd_change_run(&change, dry, err);
	return rc ? rc : rq_cmd_port_again(&current, &change.branches, queue, err);
}

int rq_cmd_mv(int argc, char **argv, struct rq_err *err)
{
	int rc;

	if (argc != 3)
		return rq_err_set(err, RQ_EUSAGE, "mv: name queue, entry and new name");
	rc = rq_cmd_check_name("queue", argv[0], err);
	return rc ? rc : mv(argv[0], argv + 1, err);
}

static int check_queues(const struct rq_cmd_change *change, char **argv,
			struct rq_err *err)
{
	const char *unsafe = rq_series_name_unsafe(rq_slice_of(argv[1]));
	_cleanup_(rq_series_release) struct rq_series series = { 0 };

	if (unsafe || strpbrk(argv[1], " \t\"/"))
		return rq_err_set(err, RQ_EFORMAT, "queue-rename: the name '%s' %s",
				  argv[1], unsafe ? unsafe : "has a blank, '\"' or '/'");
	if (!rq_names_have(&change->queues, rq_slice_of(argv[0])))
		return rq_cmd_series(&series, argv[0], &change->branches, err);
	return 0;
}

static int rename_queue(char **argv, struct rq_err *err)
{
	_cleanup_(rq_cmd_change_release) struct rq_cmd_change change = { 0 };
	_cleanup_(rq_names_release) struct rq_names current = { 0 };
	int rc = rq_cmd_change_begin(&change, err);

	if (!rc)
		rc = check_queues(&change, argv, err);
	if (!rc)
		rc = rq_plan_queue_rename(&change.plan, &change.all, argv[0], argv[1],
					  change.repo, err);
	if (!rc && !dry)
		rq_cmd_current(&current, &change.branches, argv[0]);
	if (!rc)
		rc = rq_cmd_change_run(&change, dry, err);
	if (rc || dry)
		return rc;
	rq_branches_release(&change.branches);
	change.branches = (struct rq_branches){ 0 };
	rc = rq_cmd_branches(&change.branches, err);
	return rc ? rc : rq_cmd_port_again(&current, &change.branches, argv[1], err);
}

int rq_cmd_queue_rename(int argc, char **argv, struct rq_err *err)
{
	int rc;

	if (argc != 2)
		return rq_err_set(err, RQ_EUSAGE,
				  "queue-rename: name the queue and its new name");
	rc = rq_cmd_check_name("queue", argv[0], err);
	return rc ? rc : rename_queue(argv, err);
}
