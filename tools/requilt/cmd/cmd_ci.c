// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt ci: the CI run of a queue as a file that is whole by itself, for GitHub Actions, GitLab CI or
 * Slurm.  Looks at branches.conf and the queues' names only: no kernel needs to be there.
 */
#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/workflow.h"

#define IMAGE "debian:12"

static const char *queue_name, *image, *setup, *fetch;
static bool allow_yellow;

const struct rq_opt rq_cmd_ci_options[] = {
	{ "queue", 0, RQ_OPT_STRING, "QUEUE", "which queue (default: the only one)",
	  &queue_name },
	{ "image", 0, RQ_OPT_STRING, "IMAGE",
	  "the container that jobs run in (default: " IMAGE ")", &image },
	{ "setup", 0, RQ_OPT_STRING, "COMMAND",
	  "what each job begins with, where the image has no requilt", &setup },
	{ "fetch", 0, RQ_OPT_STRING, "COMMAND",
	  "what brings the bases into the repository $kernels", &fetch },
	{ "allow-yellow", 0, RQ_OPT_FLAG, NULL, "only red fails the run", &allow_yellow },
	{ 0 },
};

/* The words that make the same file again, as a shell reads them. */
static void add_command(struct rq_str *out, const char *system, const char *queue)
{
	const struct {
		const char *name, *value;
	} options[] = { { "--queue", queue },
			{ "--image", image },
			{ "--setup", setup },
			{ "--fetch", fetch } };

	rq_str_addf(out, "requilt ci %s", system);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!options[i].value)
			continue;
		rq_str_addf(out, " %s ", options[i].name);
		rq_shell_add(out, options[i].value);
	}
	rq_str_adds(out, allow_yellow ? " --allow-yellow" : "");
}

int rq_cmd_workflow(const char *system, const char *queue, struct rq_err *err)
{
	_cleanup_(rq_branches_release) struct rq_branches branches = { 0 };
	_cleanup_free_ char *kernels = NULL;
	struct rq_str text = { 0 }, command = { 0 };
	struct rq_workflow workflow = {
		.queue = queue,
		.image = image ? image : IMAGE,
		.setup = setup ? setup
			       : "command -v requilt || { echo 'requilt is not in this "
				 "image: "
				 "requilt ci --image, or --setup' >&2; exit 1; }",
		.fetch = fetch,
		.allow_yellow = allow_yellow,
	};
	int rc = rq_cmd_branches(&branches, err);

	if (rc)
		return rc;
	kernels = rq_workflow_fetch(queue, &branches);
	if (!fetch)
		workflow.fetch = kernels;
	add_command(&command, system, queue);
	workflow.command = command.s;
	rc = rq_workflow_print(&text, system, &workflow, &branches, err);
	if (!rc)
		fwrite(text.s, 1, text.len, stdout);
	rq_str_release(&text);
	rq_str_release(&command);
	return rc;
}

/* The queue must have a series file; *out is the caller's. */
static int find_queue(char **out, struct rq_err *err)
{
	_cleanup_(rq_names_release) struct rq_names all = { 0 };
	int rc;

	if (!queue_name)
		return rq_cmd_only_queue(out, err);
	rc = rq_cmd_queues(&all, err);
	if (!rc && !rq_names_have(&all, rq_slice_of(queue_name)))
		rc = rq_err_set(err, RQ_EFORMAT,
				"%s/series/%s.series: not there; name a queue that has a "
				"series file",
				rq_globals.dir, queue_name);
	if (!rc)
		*out = rq_xstrdup(queue_name);
	return rc;
}

int rq_cmd_ci(int argc, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *queue = NULL;
	int rc;

	if (argc != 1)
		return rq_err_set(err, RQ_EUSAGE,
				  "ci: say for what: github, gitlab or slurm");
	rc = find_queue(&queue, err);
	if (!rc)
		rc = rq_cmd_workflow(argv[0], queue, err);
	if (!rc && !image && !setup && strcmp(argv[0], "slurm") != 0 && !rq_globals.quiet)
		fputs("requilt: " IMAGE
		      " has no requilt; name an image that has with --image, or "
		      "a command that installs it with --setup\n",
		      stderr);
	return rc;
}
