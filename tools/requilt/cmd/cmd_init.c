// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt init: the first files of a queue repository, in this directory.
 */
#include "cmd/cmd.h"
#include "cmd/json.h"

#include <stdlib.h>

#include "series/start.h"
#include "util/file.h"
#include "util/path.h"

static const char *queue = "queue";

const struct rq_opt rq_cmd_init_options[] = {
	{ "queue", 0, RQ_OPT_STRING, "QUEUE", "the first queue's name (default: queue)",
	  &queue },
	{ 0 },
};

/* What branches.conf calls it: from the home directory, so that it holds for others too. */
static char *repository_name(const char *path)
{
	_cleanup_free_ char *full = realpath(path, NULL), *home = NULL;
	size_t n;

	if (getenv("HOME"))
		home = realpath(getenv("HOME"), NULL);
	n = home ? strlen(home) : 0;
	if (full && n > 1 && strncmp(full, home, n) == 0 && full[n] == '/')
		return rq_xasprintf("~%s", full + n);
	return rq_xstrdup(full ? full : path);
}

/* Each base must be there: a typo is found now and not at the first port. */
static int check_bases(const struct rq_start *start, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_cmd_repo_path(err);
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct rq_oid commit, tree;
	int rc;

	if (!path)
		return err->code;
	if (!rq_globals.repo && !start->branches.n)
		return 0;
	rc = rq_repo_open(&repo, path, err);
	if (rc == RQ_ENOTFOUND)
		return rq_err_set(
			err, rc,
			"%s: no kernel repository; name your clone with --repo DIR",
			path);
	for (size_t i = 0; i < start->branches.n && !rc; i++) {
		const char *base = start->branches.v[i].base;

		rc = rq_repo_resolve(repo, base, &commit, &tree, err);
		if (!rc && rq_oid_is_zero(&commit))
			rc = rq_err_set(err, RQ_ENOTFOUND, "%s: is a tree, no commit",
					base);
		if (rc == RQ_ENOTFOUND)
			rq_err_set(err, rc, "init: %s: no such commit in %s", base, path);
	}
	return rc;
}

static void print(const struct rq_start *start, const struct rq_names *written)
{
	for (size_t i = 0; i < written->v.n; i++)
		rq_cmd_did("write", "path", written->v.v[i], NULL);
	if (rq_globals.quiet)
		return;
	for (size_t i = 0; i < written->v.n; i++)
		printf("%s\n", written->v.v[i]);
	if (!start->branches.n)
		printf("\nnext: name a branch in series/branches.conf, then\n");
	else
		printf("\nnext:\n");
	rq_print_clean(
		stdout,
		"  requilt import %s PATCH...   mails, an mbox, a quilt directory, "
		"commits A..B of a repository\n"
		"  requilt port\n",
		start->queue);
}

static int make(struct rq_start *start, int n, char **words, struct rq_err *err)
{
	_cleanup_free_ char *repository = NULL, *committer = NULL;
	struct rq_names written = { 0 };
	struct rq_err ignored;
	int rc = rq_cmd_check_name("queue", start->queue, err);

	if (!rc && rq_globals.repo && strpbrk(rq_globals.repo, "\n\r"))
		rc = rq_err_set(err, RQ_EUSAGE, "init: --repo: the path has a line end");
	if (!rc)
		rc = rq_start_check(start, err);
	for (int i = 0; i < n && !rc; i++)
		rc = rq_start_add(start, words[i], err);
	if (!rc)
		rc = check_bases(start, err);
	if (rc)
		return rc;
	if (rq_globals.repo)
		start->repository = repository = repository_name(rq_globals.repo);
	if (rq_git_identity(&committer, start->root, &ignored) == 0)
		start->committer = committer;
	rc = rq_start_write(&written, start, err);
	if (!rc)
		print(start, &written);
	rq_names_release(&written);
	return rc;
}

int rq_cmd_init(int argc, char **argv, struct rq_err *err)
{
	struct rq_start start = { .root = rq_globals.dir, .queue = queue };
	int rc = make(&start, argc, argv, err);

	rq_start_release(&start);
	return rc;
}
