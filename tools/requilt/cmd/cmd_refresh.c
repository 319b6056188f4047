// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt refresh: a patch file that was edited by hand, made readable again.
 */
#include "cmd/cmd.h"
#include "cmd/json.h"

#include "patch/patch.h"
#include "patch/recount.h"
#include "util/file.h"

static bool recount, dry;

const struct rq_opt rq_cmd_refresh_options[] = {
	{ "recount", 0, RQ_OPT_FLAG, NULL, "count the lines of hunks again", &recount },
	{ "dry-run", 'n', RQ_OPT_FLAG, NULL, "write nothing; say what would change",
	  &dry },
	{ 0 },
};

/* With right counts it must be a patch, whatever its strip level, or something else is wrong with it. */
static int check(const char *path, struct rq_slice bytes, struct rq_err *err)
{
	static const struct rq_patch_options whole = { .strip = 0 };
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	struct rq_err ignored;
	int rc = rq_patch_parse_copy(&patch, path, bytes, &RQ_PATCH_DEFAULTS, err);

	if (rc && rq_patch_parse_copy(&patch, path, bytes, &whole, &ignored) == 0)
		rc = 0;
	if (!rc && !patch->n_files)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: has no diff", path);
	return rc;
}

static int refresh(const char *path, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 }, now = { 0 };
	_cleanup_(rq_names_release) struct rq_names said = { 0 };
	int rc = rq_file_read_most(&bytes, path, RQ_PATCH_MOST, err);

	if (!rc)
		rc = rq_patch_recount(&now, &said, path, rq_str_slice(&bytes), err);
	if (!rc)
		rc = check(path, rq_str_slice(&now), err);
	if (!rc && said.v.n && !dry)
		rc = rq_file_rewrite(path, rq_str_slice(&now), err);
	for (size_t i = 0; i < said.v.n && !rc; i++) {
		rq_cmd_did("recount", "path", path, "text", said.v.v[i], NULL);
		if ((dry && !rq_globals.json) || !rq_globals.quiet)
			rq_print_clean(stdout, "%s:%s\n", path, said.v.v[i]);
	}
	if (!rc && !said.v.n && !rq_globals.quiet)
		rq_print_clean(stdout, "%s: the counts are right\n", path);
	return rc;
}

int rq_cmd_refresh(int argc, char **argv, struct rq_err *err)
{
	int rc = 0;

	if (!recount || !argc)
		return rq_err_set(err, RQ_EUSAGE,
				  "refresh: say --recount, and name a patch file; what "
				  "'edit' opened is refreshed by its --continue");
	for (int i = 0; i < argc && !rc; i++)
		rc = refresh(argv[i], err);
	return rc;
}
