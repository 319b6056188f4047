// SPDX-License-Identifier: GPL-2.0-only
/*
 * Removing a ref that is where it is meant to be; one that somebody moved meanwhile stays.
 */
#include "git/git_internal.h"

int rq_ref_remove(struct rq_repo *repo, const char *ref, const struct rq_oid *at,
		  struct rq_err *err)
{
	git_reference *found = NULL;
	int rc = git_reference_lookup(&found, repo->git, ref);

	if (rc == GIT_ENOTFOUND)
		return 0;
	if (rc < 0)
		return rq_git_fail(err, "%s", ref);
	if (git_reference_target(found) &&
	    git_oid_equal(git_reference_target(found), to_git_oid(at)))
		rc = git_reference_delete(found);
	git_reference_free(found);
	return rc < 0 ? rq_git_fail(err, "%s", ref) : 0;
}
