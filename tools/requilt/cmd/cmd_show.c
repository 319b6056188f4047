// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt show: what became of the entries on one branch, and how an emitted patch differs from
 * its source.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "emit/emit.h"
#include "report/report.h"
#include "util/file.h"
#include "util/path.h"

static const char *out_dir;

const struct rq_opt rq_cmd_show_options[] = {
	{ "out", 0, RQ_OPT_STRING, "DIR", "where port wrote (default: series)",
	  &out_dir },
	{ 0 },
};

/* What a rule made: there is no source patch to compare it with. */
static int print_emitted(const char *folder, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *name = rq_emit_name(argv[0], argv[2]);
	_cleanup_free_ char *path = rq_path_join(folder, name);
	struct rq_str bytes = { 0 };
	int rc = rq_file_exists(path) ? rq_file_read(&bytes, path, err) : 0;

	if (!rc)
		fwrite(rq_str_slice(&bytes).p, 1, bytes.len, stdout);
	rq_str_release(&bytes);
	return rc;
}

static bool is_rule(const char *entry)
{
	size_t n = strlen(entry);

	return n > 6 && strcmp(entry + n - 6, ".cocci") == 0;
}

/* The source patch against the emitted one, as a diff of their text. */
static int interdiff(const char *folder, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *name = rq_emit_name(argv[0], argv[2]);
	_cleanup_free_ char *emitted = rq_path_join(folder, name);
	struct rq_entry entry = { .path = argv[2] };
	_cleanup_free_ char *source =
		rq_series_patch_path(rq_globals.dir, &entry, argv[1]);
	struct rq_str a = { 0 }, b = { 0 }, hunks = { 0 };
	int rc = rq_file_exists(emitted) ? rq_file_read(&a, source, err) : 0;

	if (!rc && a.len)
		rc = rq_file_read(&b, emitted, err);
	if (!rc && a.len)
		rc = rq_diff_hunks(rq_str_slice(&a), rq_str_slice(&b), &hunks, err);
	if (!rc && hunks.len)
		printf("--- %s\n+++ %s\n%s", source, emitted, hunks.s);
	else if (!rc && a.len)
		printf("the emitted patch is the source patch, byte for byte\n");
	rq_str_release(&a);
	rq_str_release(&b);
	rq_str_release(&hunks);
	return rc;
}

int rq_cmd_show(int argc, char **argv, struct rq_err *err)
{
	_cleanup_free_ char *series = rq_path_join(rq_globals.dir, "series");
	_cleanup_free_ char *folder = NULL, *path = NULL;
	struct rq_str json = { 0 };
	int rc;

	if (argc < 2 || argc > 3)
		return rq_err_set(err, RQ_EUSAGE,
				  "show: name queue and branch, and maybe an entry");
	folder = rq_xasprintf("%s/%s/%s", out_dir ? out_dir : series, argv[0], argv[1]);
	path = rq_path_join(folder, "port.json");
	rc = rq_file_read(&json, path, err);
	if (rc == RQ_ENOTFOUND)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: not there; port the queue first",
				path);
	if (!rc && rq_globals.json)
		fwrite(json.s, 1, json.len, stdout);
	else if (!rc)
		rc = rq_report_show(stdout, path, rq_str_slice(&json),
				    argc > 2 ? argv[2] : NULL, err);
	if (!rc && argc > 2 && !rq_globals.json)
		rc = is_rule(argv[2]) ? print_emitted(folder, argv, err)
				      : interdiff(folder, argv, err);
	rq_str_release(&json);
	return rc;
}
