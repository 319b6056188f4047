// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt gc: removes what nothing refers to.  On a terminal it asks first.
 */
#include "cmd/change.h"

#include <stdlib.h>

static bool dry, yes;

const struct rq_opt rq_cmd_gc_options[] = {
	{ "dry-run", 'n', RQ_OPT_FLAG, NULL, "remove nothing; say what would go", &dry },
	{ "yes", 'y', RQ_OPT_FLAG, NULL,
	  "remove without asking; needed where there is no terminal", &yes },
	{ 0 },
};

static void print_plan(const struct rq_plan *plan)
{
	for (size_t i = 0; i < plan->said.v.n && !rq_globals.json; i++)
		rq_print_clean(stdout, "%s\n", plan->said.v.v[i]);
}

static bool is_yes(size_t n)
{
	_cleanup_free_ char *answer = NULL;

	printf("remove %s? [y/N] ", n == 1 ? "it" : "these");
	answer = rq_cmd_read_answer();
	return answer && (strcmp(answer, "y") == 0 || strcmp(answer, "yes") == 0);
}

static int plan(struct rq_cmd_change *change, int argc, char **argv, struct rq_err *err)
{
	_cleanup_(rq_names_release) struct rq_names queues = { 0 };
	int rc = rq_cmd_change_begin(change, err);

	for (int i = 0; i < argc && !rc; i++) {
		_cleanup_(rq_series_release) struct rq_series series = { 0 };

		rc = rq_cmd_check_name("queue", argv[i], err);
		if (!rc && !rq_names_have(&change->queues, rq_slice_of(argv[i])))
			rc = rq_cmd_series(&series, argv[i], &change->branches, err);
		rq_names_add_once(&queues, rq_slice_of(argv[i]));
	}
	return rc ? rc
		  : rq_plan_gc(&change->plan, &change->all, &queues, change->repo, err);
}

int rq_cmd_gc(int argc, char **argv, struct rq_err *err)
{
	_cleanup_(rq_cmd_change_release) struct rq_cmd_change change = { 0 };
	int rc = plan(&change, argc, argv, err);

	if (rc)
		return rc;
	if (!change.plan.steps.n) {
		print_plan(&change.plan);
		if (!rq_globals.quiet)
			puts("nothing to remove");
		return 0;
	}
	if (dry || yes)
		return rq_cmd_change_run(&change, dry, err);
	print_plan(&change.plan);
	if (!rq_cmd_can_ask())
		return rq_err_set(err, RQ_EQUEUE,
				  "gc: nothing was removed; --yes removes %s",
				  change.plan.steps.n == 1 ? "it" : "these");
	rq_names_release(&change.plan.said);
	return is_yes(change.plan.steps.n) ? rq_cmd_change_run(&change, false, err) : 0;
}
