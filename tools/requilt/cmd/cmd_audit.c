// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt audit: which fixes a tree has, by its text and not by its version.
 */
#include <stdlib.h>

#include "cmd/audit.h"
#include "cmd/cmd.h"
#include "cmd/intake.h"
#include "tree/tree.h"
#include "util/file.h"
#include "util/path.h"

static const char *list_path, *cve_dir, *new_queue;
static long strip = 1;
static bool csv, lacking;

const struct rq_opt rq_cmd_audit_options[] = {
	{ "list", 0, RQ_OPT_STRING, "FILE",
	  "read the names of patches from FILE, one a line", &list_path },
	{ "cve", 0, RQ_OPT_STRING, "DIR",
	  "the fixes of the CVE records below DIR, a clone of the vulns repository",
	  &cve_dir },
	{ "queue", 0, RQ_OPT_STRING, "NAME",
	  "put what is missing into the queue NAME, to be ported", &new_queue },
	{ "strip", 'p', RQ_OPT_NUMBER, "N", "parts to take off paths (default: 1)",
	  &strip },
	{ "csv", 0, RQ_OPT_FLAG, NULL, "print a table for a spreadsheet", &csv },
	{ "lacking", 0, RQ_OPT_FLAG, NULL,
	  "print the files of what is missing and nothing else", &lacking },
	{ 0 },
};

static void add(struct rq_audits *patches, char *path, const char *name, int level,
		bool reverse)
{
	*rq_vec_push(&patches->v) =
		(struct rq_audited_patch){ .path = path,
					   .name = rq_xstrdup(name),
					   .options = { .strip = level,
							.reverse = reverse } };
}

/* What the queue has for the branch.  Rules make no claim that a text could show. */
static int add_queue(struct rq_audits *patches, const char *queue,
		     const struct rq_branches *branches, const struct rq_branch *branch,
		     struct rq_err *err)
{
	struct rq_version found;
	const struct rq_version *version =
		branch && rq_cmd_branch_version(&found, branch) ? &found : NULL;
	struct rq_series series = { 0 };
	int rc = rq_cmd_series(&series, queue, branches, err);

	for (size_t i = 0; i < series.entries.n && !rc; i++) {
		const struct rq_entry *entry = &series.entries.v[i];
		const struct rq_guard *by;

		if (entry->kind == RQ_ENTRY_PATCH &&
		    (!branch || rq_entry_meant_for(entry, branch, version, &by)))
			add(patches, rq_series_patch_path(rq_globals.dir, entry, branch),
			    entry->path, entry->strip, entry->reverse);
	}
	if (!rc && !patches->v.n)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: has no patch for %s", series.path,
				branch ? branch->name : "this tree");
	rq_series_release(&series);
	return rc;
}

/* A file, else a commit that a repository has; a file that is not there is told of when it is read. */
static void add_named(struct rq_audits *patches, char *path, const char *name,
		      const struct rq_branches *branches)
{
	if (!rq_file_exists(path) && rq_audits_add_commit(patches, name, branches))
		free(path);
	else
		add(patches, path, name, (int)strip, false);
}

/* Names in a list start at its directory. */
static int add_list(struct rq_audits *patches, const struct rq_branches *branches,
		    struct rq_err *err)
{
	_cleanup_free_ char *parent = rq_path_parent(list_path);
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	struct rq_slice rest, line;
	int rc = rq_file_read(&bytes, list_path, err);

	rest = rq_str_slice(&bytes);
	while (!rc && rq_slice_next_line(&rest, &line)) {
		_cleanup_free_ char *name = NULL;

		line = rq_slice_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		name = rq_xstrndup(line.p, line.n);
		add_named(patches,
			  name[0] == '/' ? rq_xstrdup(name) : rq_path_join(parent, name),
			  name, branches);
	}
	return rc;
}

static int verdict(const struct rq_audits *patches, const char *tree, struct rq_err *err)
{
	size_t missing = 0, broken = 0;
	const struct rq_audited_patch *first = NULL;

	for (size_t i = 0; i < patches->v.n; i++) {
		const struct rq_audited_patch *one = &patches->v.v[i];

		broken += one->rc != 0;
		first = one->rc && !first ? one : first;
		missing += rq_audit_is_missing(one);
	}
	if (broken)
		return rq_err_set(err, RQ_EQUEUE,
				  "%zu of %zu patches could not be read; the first: %s",
				  broken, patches->v.n, first->err.msg);
	if (missing)
		return rq_err_set(err, RQ_EQUEUE, "%s lacks %zu of %zu", tree, missing,
				  patches->v.n);
	return 0;
}

/* The branch's version, else that of the tree; false: not known. */
static bool find_version(struct rq_version *out, const struct rq_branch *branch,
			 const char *tree)
{
	const struct rq_branch named = { .ref = (char *)tree };

	return rq_cmd_branch_version(out, branch ? branch : &named);
}

/* What the words after the tree name: files and commits, else one queue; with records, nothing. */
static int collect(struct rq_audits *patches, int n, char **list, const char *tree,
		   const struct rq_branches *branches, const struct rq_branch *branch,
		   struct rq_err *err)
{
	struct rq_version version;
	int rc = 0;

	if (cve_dir)
		return rq_audits_add_cves(
			patches, cve_dir, branches,
			find_version(&version, branch, tree) ? &version : NULL, err);
	if (list_path)
		rc = add_list(patches, branches, err);
	if (!rc && n == 1 && !rq_file_exists(list[0])) {
		if (rq_audits_add_commit(patches, list[0], branches))
			return 0;
		if (branches->path)
			return add_queue(patches, list[0], branches, branch, err);
	}
	for (int i = 0; i < n && !rc; i++)
		add_named(patches, rq_xstrdup(list[i]), list[i], branches);
	if (!rc && !patches->v.n)
		rc = rq_err_set(err, RQ_EUSAGE,
				"audit: name patches, a queue, --list FILE or --cve DIR");
	return rc;
}

/* A file as a patch of the queue. */
static int take_file(struct rq_import *what, const struct rq_audited_patch *one,
		     struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	struct rq_imported *imported = rq_vec_push(&what->patches);
	struct rq_header header = { 0 };
	int rc = rq_file_read_most(&imported->bytes, one->path, RQ_PATCH_MOST, err);

	imported->source = rq_xstrdup(one->name);
	if (!rc)
		rc = rq_patch_parse_copy(&patch, one->path,
					 rq_str_slice(&imported->bytes), &one->options,
					 err);
	if (rc)
		return rc;
	rq_header_read(&header, patch);
	imported->subject = rq_xstrdup(header.subject ? header.subject : one->name);
	rq_header_release(&header);
	if (one->options.strip != 1)
		imported->rest = rq_xasprintf(" -p%d%s", one->options.strip,
					      one->options.reverse ? " -R" : "");
	else if (one->options.reverse)
		imported->rest = rq_xstrdup(" -R");
	return 0;
}

static int put_queue(const struct rq_audits *patches, const struct rq_branches *branches,
		     struct rq_err *err)
{
	const struct rq_intake how = { .queue = new_queue,
				       .branches = branches,
				       .keep_quiet = true };
	struct rq_import what = { 0 };
	int rc = 0;

	for (size_t i = 0; i < patches->v.n && !rc; i++)
		if (rq_audit_is_missing(&patches->v.v[i]))
			rc = patches->v.v[i].path
				     ? take_file(&what, &patches->v.v[i], err)
				     : rq_audit_take_commit(&what, &patches->v.v[i],
							    branches, err);
	rq_import_drop_fields(&what);
	if (!rc && what.patches.n)
		rc = rq_cmd_take_in(&what, &how, err);
	if (!rc && !rq_globals.quiet)
		fprintf(stderr,
			"requilt: %zu missing patches are in queue %s; port it with "
			"'requilt port %s'\n",
			what.patches.n, new_queue, new_queue);
	rq_import_release(&what);
	return rc;
}

static int check_usage(int argc, struct rq_err *err)
{
	if (!argc)
		return rq_err_set(err, RQ_EUSAGE,
				  "audit: name a branch or a revision, and patches");
	if (strip > 99)
		return rq_err_set(err, RQ_EUSAGE,
				  "--strip takes a number from 0 to 99, not %ld", strip);
	if (lacking && (csv || rq_globals.json))
		return rq_err_set(
			err, RQ_EUSAGE,
			"audit: --lacking prints names; not with --csv or --json");
	if (csv && rq_globals.json)
		return rq_err_set(err, RQ_EUSAGE, "audit: one of --csv and --json");
	if (cve_dir && (list_path || argc > 1))
		return rq_err_set(err, RQ_EUSAGE,
				  "audit: --cve names the fixes; name no patch besides");
	return new_queue ? rq_cmd_check_name("queue", new_queue, err) : 0;
}

static void print(const struct rq_audits *patches)
{
	if (lacking)
		rq_audits_print_lacking(patches);
	else if (rq_globals.json)
		rq_audits_print_json(patches);
	else
		rq_audits_print_table(patches, csv);
}

static int run(struct rq_audits *patches, const char *tree,
	       const struct rq_branches *branches, const struct rq_branch *branch,
	       struct rq_err *err)
{
	_cleanup_free_ char *repo = rq_cmd_repo_path(err);
	const struct rq_audit_options options = {
		.repo_path = repo,
		.tree = branch ? rq_branch_base(branch) : tree,
		.jobs = rq_cmd_jobs(),
	};
	int rc;

	if (!repo)
		return err->code;
	rq_audits_add_causes(patches, branches);
	rc = rq_audit_run(patches->v.v, patches->v.n, &options, err);
	if (rc)
		return rc;
	rq_audits_weigh_claims(patches);
	print(patches);
	if (new_queue)
		rc = put_queue(patches, branches, err);
	return rc ? rc : verdict(patches, tree, err);
}

int rq_cmd_audit(int argc, char **argv, struct rq_err *err)
{
	_cleanup_(rq_branches_release) struct rq_branches branches = { 0 };
	const struct rq_branch *branch = NULL;
	struct rq_audits patches = { 0 };
	int rc = check_usage(argc, err);

	if (!rc && new_queue)
		rc = rq_cmd_need_queue(err);
	if (!rc)
		rc = rq_cmd_branches_if_any(&branches, err);
	if (rc)
		return rc;
	branch = rq_branches_find(&branches, argv[0]);
	rc = collect(&patches, argc - 1, argv + 1, argv[0], &branches, branch, err);
	if (!rc)
		rc = run(&patches, argv[0], &branches, branch, err);
	rq_audits_release(&patches);
	return rc;
}
