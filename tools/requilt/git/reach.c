// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which commits a history holds.  Reads no change and no tree.
 */
#include <stdlib.h>

#include "git/git_internal.h"
#include "util/mem.h"
#include "util/vec.h"

static void free_walk(git_revwalk **walk)
{
	git_revwalk_free(*walk);
}

int rq_reach_outside(struct rq_oid_list *out, struct rq_repo *repo,
		     const struct rq_oid *from, const struct rq_oid *to,
		     const struct rq_oid *without, size_t most, struct rq_err *err)
{
	_cleanup_(free_walk) git_revwalk *walk = NULL;
	rq_vec(struct rq_oid) found = { 0 };
	git_oid id;
	int more = 0;

	if (git_revwalk_new(&walk, repo->git) < 0 ||
	    git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL) < 0 ||
	    git_revwalk_push(walk, to_git_oid(to)) < 0 ||
	    git_revwalk_hide(walk, to_git_oid(without)) < 0 ||
	    (from && git_revwalk_hide(walk, to_git_oid(from)) < 0))
		return rq_git_fail(err, "history");
	while (found.n < most && (more = git_revwalk_next(&id, walk)) == 0)
		from_git_oid(rq_vec_push(&found), &id);
	*out = (struct rq_oid_list){ found.v, found.n };
	return more < 0 && more != GIT_ITEROVER ? rq_git_fail(err, "history") : 0;
}

int rq_message_each(struct rq_repo *repo, const struct rq_oid *from,
		    const struct rq_oid *to,
		    int (*each)(const struct rq_oid *oid, struct rq_slice message,
				void *ctx),
		    void *ctx, struct rq_err *err)
{
	_cleanup_(free_walk) git_revwalk *walk = NULL;
	git_oid id;
	int more = 0, rc = 0;

	if (git_revwalk_new(&walk, repo->git) < 0 ||
	    git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_REVERSE) < 0 ||
	    git_revwalk_push(walk, to_git_oid(to)) < 0 ||
	    (from && git_revwalk_hide(walk, to_git_oid(from)) < 0))
		return rq_git_fail(err, "history");
	while (!rc && (more = git_revwalk_next(&id, walk)) == 0) {
		git_commit *commit;
		struct rq_oid oid;

		if (git_commit_lookup(&commit, repo->git, &id) < 0)
			return rq_git_fail(err, "history");
		from_git_oid(&oid, &id);
		rc = each(&oid, rq_slice_of(git_commit_message_raw(commit)), ctx);
		git_commit_free(commit);
	}
	return more < 0 && more != GIT_ITEROVER ? rq_git_fail(err, "history") : rc;
}

struct tagging {
	struct rq_repo *repo;
	int (*each)(const char *name, const struct rq_oid *commit, void *ctx);
	void *ctx;
};

static int show_tag(const char *name, git_oid *oid, void *payload)
{
	const struct tagging *t = payload;
	git_object *object = NULL, *commit = NULL;
	struct rq_oid id;
	int rc = 0;

	/* A tag of a tree, or of what is not there, is no commit's. */
	if (git_object_lookup(&object, t->repo->git, oid, GIT_OBJECT_ANY) == 0 &&
	    git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0) {
		from_git_oid(&id, git_object_id(commit));
		rc = t->each(name + strlen("refs/tags/"), &id, t->ctx);
	}
	git_object_free(commit);
	git_object_free(object);
	return rc;
}

int rq_tag_each(struct rq_repo *repo,
		int (*each)(const char *name, const struct rq_oid *commit, void *ctx),
		void *ctx, struct rq_err *err)
{
	struct tagging t = { repo, each, ctx };
	int rc = git_tag_foreach(repo->git, show_tag, &t);

	return rc < 0 ? rq_git_fail(err, "tags") : rc;
}

int rq_commit_parents(struct rq_repo *repo, const struct rq_oid *oid, unsigned int *n,
		      struct rq_err *err)
{
	git_commit *commit;

	if (git_commit_lookup(&commit, repo->git, to_git_oid(oid)) < 0)
		return rq_git_fail(err, "history");
	*n = git_commit_parentcount(commit);
	git_commit_free(commit);
	return 0;
}

int rq_commit_title(struct rq_repo *repo, const struct rq_oid *oid, struct rq_str *out,
		    struct rq_err *err)
{
	git_commit *commit;
	struct rq_slice message, line = { "", 0 };

	if (git_commit_lookup(&commit, repo->git, to_git_oid(oid)) < 0)
		return rq_git_fail(err, "history");
	message = rq_slice_of(git_commit_message(commit));
	rq_slice_next_line(&message, &line);
	rq_str_add_slice(out, rq_slice_chomp(line));
	git_commit_free(commit);
	return 0;
}
