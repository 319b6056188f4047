// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt import: mails, commits, quilt folders and other queues become entries of a queue.
 */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "cmd/intake.h"
#include "util/file.h"
#include "util/path.h"

static const char *after, *before, *tree, *quoted_cr;
static struct rq_names parts; /* of each -P */
static long version;
static bool force, take_fields, dry, sloppy, no_scissors, stable_guards;

const struct rq_opt rq_cmd_import_options[] = {
	{ "after", 0, RQ_OPT_STRING, "ENTRY", "put the new entries behind this one",
	  &after },
	{ "before", 0, RQ_OPT_STRING, "ENTRY", "put them in front of this one", &before },
	{ "version", 0, RQ_OPT_NUMBER, "N",
	  "of a series of mails (default: the newest that is complete)", &version },
	{ "patches", 'P', RQ_OPT_NAMES, "LIST",
	  "which patches of a series of mails, as 1-3,5 (default: all)", &parts },
	{ "sloppy-trailers", 'S', RQ_OPT_FLAG, NULL,
	  "take credits from another address than that of the reply", &sloppy },
	{ "no-scissors", 0, RQ_OPT_FLAG, NULL,
	  "keep what a mail has in front of a line \"-- >8 --\"", &no_scissors },
	{ "quoted-cr", 0, RQ_OPT_STRING, "ACTION",
	  "of carriage returns in a mail's base64: strip (default), warn, nowarn",
	  &quoted_cr },
	{ "tree", 0, RQ_OPT_STRING, "TREEISH",
	  "where a quoted patch's white space is looked up first", &tree },
	{ "take-fields", 0, RQ_OPT_FLAG, NULL,
	  "let Present-if: lines and the guards of a foreign series decide",
	  &take_fields },
	{ "stable-guards", 0, RQ_OPT_FLAG, NULL,
	  "make guards of \"Cc: stable # 6.1+\", else of Fixes:", &stable_guards },
	{ "force", 0, RQ_OPT_FLAG, NULL, "overwrite files and entries that are there",
	  &force },
	{ "dry-run", 'n', RQ_OPT_FLAG, NULL,
	  "write nothing; name the entries that would be there", &dry },
	{ 0 },
};

struct importing {
	const char *queue;
	struct rq_branches branches;
	struct rq_import what;
	bool directories; /* the sources are, with a series or without */
};

static void release(struct importing *im)
{
	rq_import_release(&im->what);
	rq_branches_release(&im->branches);
}

/* --- reading --- */

static bool is_repository(const char *path)
{
	struct rq_repo *repo = NULL;
	struct rq_err ignored;
	bool is = rq_file_is_dir(path) && rq_repo_open(&repo, path, &ignored) == 0;

	if (is)
		rq_repo_close(repo);
	return is;
}

static bool has(const char *folder, const char *name)
{
	_cleanup_free_ char *path = rq_path_join(folder, name);

	return rq_file_exists(path);
}

/* A base as a tree to mend from. */
struct base {
	struct rq_repo *repo;
	struct rq_oid tree;
};

static int read_base(void *ctx, const char *path, struct rq_str *bytes, bool *found,
		     struct rq_err *err)
{
	const struct base *base = ctx;
	struct rq_oid oid;
	enum rq_mode mode;
	int rc = rq_tree_lookup(base->repo, &base->tree, path, &oid, &mode, err);

	*found = !rc && (mode == RQ_MODE_FILE || mode == RQ_MODE_EXEC);
	return *found ? rq_blob_read(base->repo, &oid, bytes, err) : rc;
}

/* --tree first; then every branch that there is. */
static int read_quoted(struct importing *im, const char *path, struct rq_err *err)
{
	size_t most = im->branches.all.n + 1, n = 0;
	struct base *bases = rq_xcalloc(most, sizeof(*bases));
	struct rq_quoted_tree *trees = rq_xcalloc(most, sizeof(*trees));
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct rq_oid commit;
	struct rq_err ignored;
	int rc = rq_cmd_open_repo(&repo, false, err);

	if (rc == RQ_ENOTFOUND && !tree)
		rc = 0;
	if (!rc && tree)
		rc = rq_repo_resolve(repo, tree, &commit, &bases[n++].tree, err);
	for (size_t i = 0; repo && i < im->branches.all.n; i++)
		if (rq_repo_resolve(repo, rq_branch_base(&im->branches.all.v[i]), &commit,
				    &bases[n].tree, &ignored) == 0)
			n++;
	for (size_t i = 0; i < n; i++) {
		bases[i].repo = repo;
		trees[i] = (struct rq_quoted_tree){ read_base, &bases[i] };
	}
	if (!rc)
		rc = rq_import_quoted(&im->what, path, trees, n, err);
	free(bases);
	free(trees);
	return rc;
}

static int read_quoted_cr(enum rq_quoted_cr *out, struct rq_err *err)
{
	static const char *const names[] = {
		[RQ_CR_STRIP] = "strip", [RQ_CR_WARN] = "warn", [RQ_CR_NOWARN] = "nowarn"
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!quoted_cr || strcmp(quoted_cr, names[i]) == 0) {
			*out = (enum rq_quoted_cr)i;
			return 0;
		}
	return rq_err_set(err, RQ_EUSAGE,
			  "import: --quoted-cr is 'strip', 'warn' or 'nowarn', not '%s'",
			  quoted_cr);
}

/* "-P 1-3 -P 5" is "-P 1-3,5"; NULL: there is none.  The caller frees. */
static char *join_parts(void)
{
	struct rq_str out = { 0 };

	for (size_t i = 0; i < parts.v.n; i++)
		rq_str_addf(&out, "%s%s", i ? "," : "", parts.v.v[i]);
	return out.s;
}

/* Whether all are directories with a series, or of patches. */
static bool are_directories(int n, char **sources)
{
	for (int i = 0; i < n; i++)
		if (!rq_file_is_dir(sources[i]) ||
		    !(has(sources[i], "series") || has(sources[i], "series.conf") ||
		      rq_is_patch_directory(sources[i])))
			return false;
	return true;
}

static int read_directories(struct importing *im, int n, char **sources,
			    struct rq_err *err)
{
	int rc = 0;

	im->directories = true;
	for (int i = 0; i < n && !rc; i++)
		rc = has(sources[i], "series") || has(sources[i], "series.conf")
			     ? rq_import_quilt(&im->what, sources[i], im->queue,
					       &im->branches, err)
			     : rq_import_directory(&im->what, sources[i], err);
	return rc;
}

/* "A..B", or as long as git's short ids and of such digits: no file that was mistyped. */
static bool is_like_commits(const char *word)
{
	return strstr(word, "..") ||
	       (strlen(word) >= 7 &&
		strspn(word, "0123456789abcdefABCDEF") == strlen(word));
}

/* Each from the first repository that has it; RQ_ENOTFOUND: none has the first, which looks like no commit either. */
static int read_commits(struct importing *im, int n, char **words, struct rq_err *err)
{
	_cleanup_(rq_names_release) struct rq_names places = { 0 };
	int rc = 0;

	rq_cmd_histories(&places, &im->branches);
	for (int i = 0; i < n && !rc; i++) {
		size_t k = 0;

		while (k < places.v.n &&
		       !rq_import_names_commits(places.v.v[k], words[i]))
			k++;
		if (k < places.v.n)
			rc = rq_import_commits(
				&im->what, places.v.v[k],
				rq_cmd_mainline_of(&im->branches, places.v.v[k]),
				&words[i], 1, err);
		else if (!i && !is_like_commits(words[i]))
			return RQ_ENOTFOUND;
		else
			rc = rq_err_set(err, RQ_EFORMAT,
					"import: '%s' is no file, and no repository that "
					"branches.conf names has such commits; set "
					"core.upstream, or name a repository before them",
					words[i]);
	}
	return rc;
}

static int read_sources(struct importing *im, int n, char **sources, struct rq_err *err)
{
	struct rq_import *out = &im->what;
	_cleanup_free_ char *list = join_parts();
	struct rq_mail_options options = { .version = version,
					   .parts = list,
					   .no_scissors = no_scissors,
					   .sloppy = sloppy };
	const char *first = sources[0];
	bool repository = is_repository(first);
	bool quilt = n == 1 && rq_file_is_dir(first) &&
		     (has(first, "series") || has(first, "series.conf"));
	bool mails = version || list;
	bool queue = n == 1 && rq_slice_ends(rq_slice_of(first), ".series");
	int rc = read_quoted_cr(&options.quoted_cr, err);

	if (rc)
		return rc;
	if (!rq_file_exists(first) && strcmp(first, "-") != 0) {
		rc = read_commits(im, n, sources, err);
		if (rc != RQ_ENOTFOUND)
			return rc;
	}
	if (list && (repository || quilt || queue))
		return rq_err_set(err, RQ_EUSAGE, "import: -P is for a series of mails");
	if (n > 1 && repository)
		return rq_import_commits(out, first,
					 rq_cmd_mainline_of(&im->branches, first),
					 sources + 1, (size_t)n - 1, err);
	if (quilt || (!repository && !mails && are_directories(n, sources)))
		return read_directories(im, n, sources, err);
	if (queue)
		return rq_import_queue(out, first, err);
	if (repository)
		return rq_err_set(err, RQ_EUSAGE,
				  "import: %s is a repository; say which commits: A..B",
				  first);
	if (n == 1 && rq_is_quoted(first))
		return read_quoted(im, first, err);
	return rq_import_mails(out, sources, (size_t)n, &options, err);
}

static int run(struct importing *im, int n, char **sources, struct rq_err *err)
{
	struct rq_intake how = { .queue = im->queue,
				 .branches = &im->branches,
				 .after = after,
				 .before = before,
				 .force = force,
				 .dry = dry };
	int rc = rq_cmd_branches(&im->branches, err);

	if (!rc)
		rc = read_sources(im, n, sources, err);
	/* Another queue of ours has them where we write them. */
	if (!rc && !take_fields && !rq_slice_ends(rq_slice_of(sources[0]), ".series"))
		rq_import_drop_fields(&im->what);
	if (!rc && stable_guards)
		rc = rq_cmd_stable_guards(&im->what, &im->branches, err);
	how.keep_broken = im->directories;
	return rc ? rc : rq_cmd_take_in(&im->what, &how, err);
}

int rq_cmd_import(int argc, char **argv, struct rq_err *err)
{
	struct importing im = { 0 };
	const char *unsafe;
	int rc;

	if (argc < 2)
		return rq_err_set(err, RQ_EUSAGE, "import: name a queue and a source");
	if (after && before)
		return rq_err_set(err, RQ_EUSAGE, "import: one of --after and --before");
	unsafe = rq_path_unsafe(rq_slice_of(argv[0]));
	if (unsafe || strchr(argv[0], '/'))
		return rq_err_set(err, RQ_EUSAGE, "import: the queue's name '%s' %s",
				  argv[0], unsafe ? unsafe : "has a slash");
	im.queue = argv[0];
	rc = run(&im, argc - 1, argv + 1, err);
	release(&im);
	rq_names_release(&parts);
	return rc;
}
