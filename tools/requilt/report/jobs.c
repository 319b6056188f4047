// SPDX-License-Identifier: GPL-2.0-only
/*
 * The job matrix.  What a job does is in ci/job; here is only which jobs there are.  All forms
 * are JSON in ASCII, which is YAML as well, so no name can break out of its string.
 */
#include "report/jobs.h"

#include <jansson.h>
#include <stdlib.h>

#include "report/json_internal.h"
#include "report/workflow.h"

/* Each one is a call of requilt; "verify" takes the name as an option. */
static const char *const stages[] = { "port", "build", "sparse", "boot", NULL };

static bool has_stage(const struct rq_branch *branch, const char *stage)
{
	return branch->boot || strcmp(stage, "boot") != 0;
}

static json_t *command(const char *queue, const char *branch, const char *stage)
{
	json_t *argv = json_array();

	json_array_append_new(argv, json_string("requilt"));
	if (strcmp(stage, "port") == 0) {
		json_array_append_new(argv, json_string("port"));
		json_array_append_new(argv, json_string("--"));
		json_array_append_new(argv, rq_json_text(queue));
	} else {
		json_array_append_new(argv, json_string("verify"));
		json_array_append_new(argv, json_sprintf("--%s", stage));
		json_array_append_new(argv, json_string("--json"));
		json_array_append_new(argv, json_string("--queue"));
		json_array_append_new(argv, rq_json_text(queue));
		json_array_append_new(argv, json_string("--"));
	}
	json_array_append_new(argv, rq_json_text(branch));
	return argv;
}

void rq_jobs_list(struct rq_jobs *out, const char *queue,
		  const struct rq_branches *branches)
{
	for (size_t b = 0; b < branches->all.n; b++) {
		const struct rq_branch *branch = &branches->all.v[b];

		if (!rq_branches_bound(branches, queue, branch->name))
			continue;
		for (size_t s = 0; stages[s] && has_stage(branch, stages[s]); s++)
			*rq_vec_push(&out->v) = (struct rq_job){ .queue = queue,
								 .branch = branch->name,
								 .arch = branch->arch,
								 .stage = stages[s] };
	}
}

/* Every job, as { queue, branch, arch, stage, command }. */
static json_t *all_jobs(const struct rq_names *queues, const struct rq_branches *branches)
{
	json_t *list = json_array();
	struct rq_jobs jobs = { 0 };

	for (size_t q = 0; q < queues->v.n; q++)
		rq_jobs_list(&jobs, queues->v.v[q], branches);
	for (size_t i = 0; i < jobs.v.n; i++) {
		const struct rq_job *job = &jobs.v.v[i];

		json_array_append_new(
			list,
			json_pack("{so so so ss so}", "queue", rq_json_text(job->queue),
				  "branch", rq_json_text(job->branch), "arch",
				  rq_json_text(job->arch), "stage", job->stage, "command",
				  command(job->queue, job->branch, job->stage)));
	}
	rq_vec_release(&jobs.v);
	return list;
}

static int as_json(json_t **out, json_t *jobs, struct rq_err *err)
{
	(void)err;
	*out = json_incref(jobs);
	return 0;
}

/* For "matrix: ${{ fromJSON(...) }}"; on one line, as step outputs have to be. */
static int as_github(json_t **out, json_t *jobs, struct rq_err *err)
{
	size_t n = json_array_size(jobs);

	if (n > RQ_GITHUB_JOBS)
		return rq_err_set(
			err, RQ_EQUEUE,
			"matrix: %zu jobs, and GitHub takes %d; name fewer queues", n,
			RQ_GITHUB_JOBS);
	for (size_t i = 0; i < n; i++)
		json_object_del(json_array_get(jobs, i), "command");
	*out = json_pack("{sO}", "include", jobs);
	return 0;
}

/* The stage comes first: a job's name may neither start with a dot nor be a keyword. */
static json_t *job_name(const json_t *job, const char *stage)
{
	return json_sprintf("%s %s %s %s", stage, rq_json_word(job, "branch"),
			    rq_json_word(job, "arch"), rq_json_word(job, "queue"));
}

static json_t *gitlab_job(const json_t *job)
{
	const char *stage = rq_json_word(job, "stage");
	struct rq_str script = { 0 };
	json_t *o;

	rq_str_adds(&script, "ci/job ");
	rq_shell_add(&script, rq_json_word(job, "queue"));
	rq_str_adds(&script, " ");
	rq_shell_add(&script, rq_json_word(job, "branch"));
	rq_str_adds(&script, " ");
	rq_shell_add(&script, stage);
	o = json_pack("{ss s[s]}", "stage", stage, "script", script.s);
	if (strcmp(stage, "port") != 0) {
		/* Not all ports: one branch that fails stops no other. */
		json_object_set_new(o, "needs", json_pack("[o]", job_name(job, "port")));
		json_object_set_new(o, "artifacts",
				    json_pack("{s[s] ss}", "paths", "build/results/",
					      "when", "always"));
	}
	rq_str_release(&script);
	return o;
}

static json_t *gitlab_report(const char *queue)
{
	struct rq_str script = { 0 };
	json_t *o;

	rq_str_adds(&script, "ci/job ");
	rq_shell_add(&script, queue);
	o = json_pack("{ss ss s[s] s{s[s]}}", "stage", "report", "when", "always",
		      "script", script.s, "artifacts", "paths", "build/report/");
	rq_str_release(&script);
	return o;
}

/* A child pipeline, whole. */
static int as_gitlab(json_t **out, json_t *jobs, struct rq_err *err)
{
	json_t *root = json_object(), *names = json_array();

	(void)err;
	for (size_t s = 0; stages[s]; s++)
		json_array_append_new(names, json_string(stages[s]));
	json_array_append_new(names, json_string("report"));
	json_object_set_new(root, "stages", names);
	json_object_set_new(root, "default", json_pack("{ss}", "image", "debian:12"));
	for (size_t i = 0; i < json_array_size(jobs); i++) {
		const json_t *job = json_array_get(jobs, i);
		const char *queue = rq_json_word(job, "queue");
		json_t *name = job_name(job, rq_json_word(job, "stage"));
		json_t *report = json_sprintf("report %s", queue);

		json_object_set_new(root, json_string_value(name), gitlab_job(job));
		if (!json_object_get(root, json_string_value(report)))
			json_object_set_new(root, json_string_value(report),
					    gitlab_report(queue));
		json_decref(name);
		json_decref(report);
	}
	*out = root;
	return 0;
}

static const struct {
	const char *name;
	int (*make)(json_t **out, json_t *jobs, struct rq_err *err);
	size_t flags;
} formats[] = {
	{ "github", as_github, JSON_COMPACT },
	{ "gitlab", as_gitlab, JSON_INDENT(2) },
	{ "json", as_json, JSON_INDENT(2) },
};

int rq_jobs_print(struct rq_str *out, const char *format, const struct rq_names *queues,
		  const struct rq_branches *branches, struct rq_err *err)
{
	json_t *jobs, *root = NULL;
	size_t i = 0;
	char *text;
	int rc;

	while (i < ARRAY_SIZE(formats) && strcmp(formats[i].name, format) != 0)
		i++;
	if (i == ARRAY_SIZE(formats))
		return rq_err_set(
			err, RQ_EUSAGE,
			"matrix: --format takes github, gitlab or json, not '%s'",
			format);
	jobs = all_jobs(queues, branches);
	if (json_array_size(jobs) == 0)
		rc = rq_err_set(err, RQ_EQUEUE, "matrix: %s names no branch",
				branches->path);
	else
		rc = formats[i].make(&root, jobs, err);
	if (!rc) {
		text = json_dumps(root, formats[i].flags | JSON_ENSURE_ASCII);
		rq_str_adds(out, text);
		rq_str_adds(out, "\n");
		free(text);
	}
	json_decref(root);
	json_decref(jobs);
	return rc;
}
