// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which commit of the queue's repository a queue is, and from when a base is.  Compares the files that a
 * port reads with that commit and starts no program; what git does not tell is left out.
 */
#include "cmd/cmd.h"

#include <time.h>

#include "git/git.h"
#include "util/file.h"
#include "util/path.h"

/* One queue repository and the tree of its commit. */
struct queue_tree {
	struct rq_repo *repo;
	struct rq_oid tree;
};

/* Empty where time_t or the calendar has no such date. */
static void format_date(char *out, size_t size, int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(out, size, "%Y-%m-%d", &tm))
		*out = 0;
}

/* Whether the commit has file @path, of the queue's root, as it is; or both have none. */
static bool is_committed(const struct queue_tree *from, const char *path)
{
	_cleanup_free_ char *file = rq_path_join(rq_globals.dir, path);
	struct rq_str bytes = { 0 };
	enum rq_mode mode;
	struct rq_oid oid;
	struct rq_err ignored;
	bool same = false;
	int rc = rq_file_read_within(&bytes, rq_globals.dir, file, &ignored);

	if (rq_tree_lookup(from->repo, &from->tree, path, &oid, &mode, &ignored) == 0)
		same = rc == RQ_ENOTFOUND ? mode == RQ_MODE_NONE
					  : !rc && mode != RQ_MODE_NONE &&
						    rq_oid_is_of(&oid, RQ_OBJ_BLOB,
								 rq_str_slice(&bytes));
	rq_str_release(&bytes);
	return same;
}

/* The entry's file, and those that branches have instead. */
static bool is_entry_committed(const struct queue_tree *from,
			       const struct rq_entry *entry,
			       const struct rq_branches *branches)
{
	_cleanup_free_ char *own = rq_series_patch_path("", entry, NULL);

	if (!is_committed(from, own + strspn(own, "/")))
		return false;
	for (size_t i = 0; i < branches->all.n; i++) {
		_cleanup_free_ char *path =
			rq_series_patch_path(rq_globals.dir, entry, &branches->all.v[i]);
		const char *below = path + strlen(rq_globals.dir);

		below += strspn(below, "/");
		if (strcmp(below, own + strspn(own, "/")) != 0 &&
		    !is_committed(from, below))
			return false;
	}
	return true;
}

static bool is_queue_committed(const struct queue_tree *from,
			       const struct rq_series *series,
			       const struct rq_branches *branches)
{
	_cleanup_free_ char *order = rq_xasprintf("series/%s.series", series->name);
	_cleanup_free_ char *reviewed = rq_xasprintf("series/%s.reviewed", series->name);

	if (!is_committed(from, order) || !is_committed(from, reviewed) ||
	    !is_committed(from, RQ_CMD_CONF))
		return false;
	for (size_t i = 0; i < series->entries.n; i++)
		if (!is_entry_committed(from, &series->entries.v[i], branches))
			return false;
	return true;
}

bool rq_cmd_queue_commit(struct rq_queue_commit *out, const struct rq_series *series,
			 const struct rq_branches *branches)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct queue_tree from;
	struct rq_oid commit;
	struct rq_err ignored;
	int64_t when;

	if (rq_repo_open(&repo, rq_globals.dir, &ignored) ||
	    rq_repo_resolve(repo, "HEAD", &commit, &from.tree, &ignored) ||
	    rq_commit_info(repo, &commit, &when, &from.tree, &ignored))
		return false;
	from.repo = repo;
	rq_oid_hex(out->id, &commit);
	format_date(out->date, sizeof(out->date), when);
	out->changed = !is_queue_committed(&from, series, branches);
	return true;
}

void rq_cmd_commit_date(char *out, size_t size, struct rq_repo *repo, const char *hex)
{
	struct rq_oid commit, tree;
	struct rq_err ignored;
	int64_t when;

	*out = 0;
	if (repo && rq_oid_parse(&commit, hex, &ignored) == 0 &&
	    rq_commit_info(repo, &commit, &when, &tree, &ignored) == 0)
		format_date(out, size, when);
}
