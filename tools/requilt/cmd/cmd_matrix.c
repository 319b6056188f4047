// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt matrix: the jobs of a CI run, for the CI system to read.  Looks at branches.conf and
 * the queues' names only: no kernel needs to be there.
 */
#include "cmd/cmd.h"

#include <stdio.h>

#include "cmd/json.h"
#include "report/jobs.h"

static const char *format = "json";

const struct rq_opt rq_cmd_matrix_options[] = {
	{ "format", 0, RQ_OPT_STRING, "FORM",
	  "github, gitlab, slurm or json (default: json)", &format },
	{ 0 },
};

static int check(const struct rq_names *queues, char **argv, int argc, struct rq_err *err)
{
	for (int i = 0; i < argc; i++)
		if (!rq_names_have(queues, rq_slice_of(argv[i])))
			return rq_err_set(err, RQ_EFORMAT,
					  "%s/series/%s.series: not there; name a queue "
					  "that has a series file",
					  rq_globals.dir, argv[i]);
	return 0;
}

/* A script is for one queue. */
static int print_slurm(const struct rq_names *queues, struct rq_err *err)
{
	if (queues->v.n != 1)
		return rq_err_set(err, RQ_EUSAGE,
				  "matrix: --format slurm takes one queue; name it");
	return rq_cmd_workflow("slurm", queues->v.v[0], err);
}

int rq_cmd_matrix(int argc, char **argv, struct rq_err *err)
{
	struct rq_branches branches = { 0 };
	struct rq_names all = { 0 }, named = { 0 };
	struct rq_str text = { 0 };
	int rc = rq_cmd_branches(&branches, err);

	if (!rc)
		rc = rq_cmd_queues(&all, err);
	if (!rc)
		rc = check(&all, argv, argc, err);
	for (int i = 0; i < argc; i++)
		rq_names_add_once(&named, rq_slice_of(argv[i]));
	if (!rc && strcmp(format, "slurm") == 0)
		rc = print_slurm(argc ? &named : &all, err);
	else if (!rc)
		rc = rq_jobs_print(&text, format, argc ? &named : &all, &branches, err);
	if (!rc && text.len)
		rq_cmd_put_json(rq_str_slice(&text));
	rq_str_release(&text);
	rq_names_release(&all);
	rq_names_release(&named);
	rq_branches_release(&branches);
	return rc;
}
