// SPDX-License-Identifier: GPL-2.0-only
/*
 * A repository's history: commits, each with its change.
 */
#include "git/git_internal.h"

static int text_of(git_buf *out, struct rq_repo *repo, git_commit *commit,
		   struct rq_err *err)
{
	git_diff_options options;
	git_tree *before = NULL, *after = NULL;
	git_commit *parent = NULL;
	git_diff *diff = NULL;
	int rc = 0;

	/* "Binary files differ" says nothing that could be applied. */
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags |= GIT_DIFF_SHOW_BINARY;
	if ((git_commit_parentcount(commit) &&
	     (git_commit_parent(&parent, commit, 0) < 0 ||
	      git_commit_tree(&before, parent) < 0)) ||
	    git_commit_tree(&after, commit) < 0 ||
	    git_diff_tree_to_tree(&diff, repo->git, before, after, &options) < 0 ||
	    git_diff_to_buf(out, diff, GIT_DIFF_FORMAT_PATCH) < 0)
		rc = rq_git_fail(err, "history");
	git_diff_free(diff);
	git_tree_free(before);
	git_tree_free(after);
	git_commit_free(parent);
	return rc;
}

static int show(struct rq_repo *repo, const git_oid *id, bool merges, rq_log_fn *each,
		void *ctx, struct rq_err *err)
{
	struct rq_log_commit out = { 0 };
	git_buf text = GIT_BUF_INIT;
	git_commit *commit;
	int rc = 0;

	if (git_commit_lookup(&commit, repo->git, id) < 0)
		return rq_git_fail(err, "history");
	from_git_oid(&out.oid, id);
	out.author_name = git_commit_author(commit)->name;
	out.author_email = git_commit_author(commit)->email;
	out.author_time = git_commit_author(commit)->when.time;
	out.author_offset = git_commit_author(commit)->when.offset;
	out.message = git_commit_message(commit);
	if (git_commit_parentcount(commit) < 2) {
		rc = text_of(&text, repo, commit, err);
		out.diff = (struct rq_slice){ text.ptr, text.size };
		if (!rc)
			rc = each(&out, ctx);
	} else if (!merges) {
		rc = rq_err_set(err, RQ_EFORMAT, "%.12s is a merge; name its commits",
				git_oid_tostr_s(id));
	}
	git_buf_dispose(&text);
	git_commit_free(commit);
	return rc;
}

int rq_log_each(struct rq_repo *repo, const struct rq_oid *from, const struct rq_oid *to,
		rq_log_fn *each, void *ctx, struct rq_err *err)
{
	git_revwalk *walk;
	git_oid id;
	int rc = 0, more;

	if (git_revwalk_new(&walk, repo->git) < 0)
		return rq_git_fail(err, "history");
	if (git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL) < 0 ||
	    git_revwalk_push(walk, to_git_oid(to)) < 0 ||
	    git_revwalk_hide(walk, to_git_oid(from)) < 0)
		rc = rq_git_fail(err, "history");
	while (!rc && (more = git_revwalk_next(&id, walk)) != GIT_ITEROVER)
		rc = more < 0 ? rq_git_fail(err, "history")
			      : show(repo, &id, true, each, ctx, err);
	git_revwalk_free(walk);
	return rc;
}

int rq_log_one(struct rq_repo *repo, const struct rq_oid *commit, rq_log_fn *each,
	       void *ctx, struct rq_err *err)
{
	return show(repo, to_git_oid(commit), false, each, ctx, err);
}
