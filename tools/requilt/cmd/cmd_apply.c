// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt apply: patches one after another onto a tree, for scripts.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "cmd/json.h"
#include "queue/queue.h"
#include "report/report.h"
#include "util/path.h"

static const char *onto, *source, *series_path;
static long fuzz, strip = 1;
static bool keep_going, reverse, no_bridge;

const struct rq_opt rq_cmd_apply_options[] = {
	{ "onto", 0, RQ_OPT_STRING, "TREEISH", "the tree to start from", &onto },
	{ "source", 0, RQ_OPT_STRING, "TREEISH",
	  "the tree the patches were made for: allows merges", &source },
	{ "series", 0, RQ_OPT_STRING, "FILE", "take the patches from a quilt series file",
	  &series_path },
	{ "keep-going", 'k', RQ_OPT_FLAG, NULL, "leave out what does not fit and go on",
	  &keep_going },
	{ "fuzz", 0, RQ_OPT_NUMBER, "N", "drop up to N lines of context (default: 0)",
	  &fuzz },
	{ "strip", 'p', RQ_OPT_NUMBER, "N", "parts to take off paths (default: 1)",
	  &strip },
	{ "no-bridge", 0, RQ_OPT_FLAG, NULL, "translate no patch to an older API",
	  &no_bridge },
	{ "reverse", 'R', RQ_OPT_FLAG, NULL, "apply backwards", &reverse },
	{ 0 },
};

#define MOST_FUZZ 100
#define MOST_STRIP 99

struct inputs {
	rq_vec(struct rq_apply_input) v;
};

static void add(struct inputs *inputs, char *path, char *name, int strip_level,
		bool backwards)
{
	struct rq_apply_input *input = rq_vec_push(&inputs->v);

	input->path = path;
	input->name = name;
	input->options =
		(struct rq_patch_options){ .strip = strip_level, .reverse = backwards };
}

static int add_series(struct inputs *inputs, struct rq_err *err)
{
	_cleanup_free_ char *folder =
		rq_xstrndup(series_path, rq_path_base(series_path) - series_path);
	struct rq_series series = { 0 };
	int rc = rq_series_load_file(&series, series_path, err);

	for (size_t i = 0; i < series.entries.n && !rc; i++) {
		const struct rq_entry *entry = &series.entries.v[i];

		add(inputs, rq_xasprintf("%s%s", folder, entry->path),
		    rq_xstrdup(entry->path), entry->strip, entry->reverse);
	}
	rq_series_release(&series);
	return rc;
}

static int run(struct inputs *inputs, struct rq_err *err)
{
	_cleanup_free_ char *repo = rq_cmd_repo_path(err);
	_cleanup_free_ char *cache = rq_cmd_cache_path("semantic");
	_cleanup_(rq_bridges_release) struct rq_bridges bridges = { 0 };
	const struct rq_apply_run_options options = { .repo_path = repo,
						      .onto = onto,
						      .source = source,
						      .fuzz = fuzz,
						      .cache = cache,
						      .progress = rq_cmd_progress(),
						      .jobs = rq_cmd_jobs(),
						      .bridges =
							      no_bridge ? NULL : &bridges,
						      .keep_going = keep_going };
	const struct rq_matrix_options look = { .color = rq_cmd_color(),
						.quiet = rq_globals.quiet,
						.verbose = rq_globals.verbose,
						.width = 80 };
	struct rq_record record = { 0 };
	struct rq_str json = { 0 };
	int rc;

	if (!repo)
		return err->code;
	rc = no_bridge ? 0 : rq_cmd_bridges(&bridges, err);
	if (!rc)
		rc = rq_apply_run(&record, inputs->v.v, inputs->v.n, &options, err);
	if (!rc && rq_globals.json) {
		rq_report_json(&json, &record);
		rq_cmd_put_json(rq_str_slice(&json));
		rq_str_release(&json);
	} else if (!rc) {
		char tree[RQ_OID_HEX + 1];

		rq_report_matrix(stdout, &record, &look);
		printf("tree %s\n", rq_oid_hex(tree, &record.branches.v[0].tree));
	}
	if (!rc && rq_branch_colour(&record.branches.v[0]) == RQ_RED)
		rc = rq_err_set(err, RQ_EQUEUE, "%s: not every patch found its place",
				onto);
	rq_record_release(&record);
	return rc;
}

int rq_cmd_apply(int argc, char **argv, struct rq_err *err)
{
	struct inputs inputs = { 0 };
	int rc = 0;

	if (!onto)
		return rq_err_set(err, RQ_EUSAGE, "apply: name the tree with --onto");
	if (fuzz > MOST_FUZZ)
		return rq_err_set(err, RQ_EUSAGE,
				  "--fuzz takes a number from 0 to %d, not %ld",
				  MOST_FUZZ, fuzz);
	if (strip > MOST_STRIP)
		return rq_err_set(err, RQ_EUSAGE,
				  "--strip takes a number from 0 to %d, not %ld",
				  MOST_STRIP, strip);
	if (series_path)
		rc = add_series(&inputs, err);
	for (int i = 0; i < argc; i++)
		add(&inputs, rq_xstrdup(argv[i]), rq_xstrdup(argv[i]), (int)strip,
		    reverse);
	if (!rc && !inputs.v.n)
		rc = rq_err_set(err, RQ_EUSAGE, "apply: name at least one patch");
	if (!rc)
		rc = run(&inputs, err);
	for (size_t i = 0; i < inputs.v.n; i++) {
		free(inputs.v.v[i].path);
		free(inputs.v.v[i].name);
	}
	rq_vec_release(&inputs.v);
	return rc;
}
