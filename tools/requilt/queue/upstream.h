/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which commit of a stable release is a patch: by the upstream commit that both name, by what
 * they change, or by subject and author.  Only says who is alike; whether the tree has the change
 * is for its text to say.
 */
#ifndef REQUILT_QUEUE_UPSTREAM_H
#define REQUILT_QUEUE_UPSTREAM_H

#include "git/git.h"
#include "patch/patch.h"
#include "util/vec.h"

struct rq_release_commit {
	struct rq_oid oid;
	struct rq_oid change; /* of its changed lines; zero where it has no text */
	char *subject, *author_email;
	char *original; /* the 40 digits that "commit ... upstream" names; NULL when nothing does */
};

struct rq_release {
	rq_vec(struct rq_release_commit) v; /* newest first */
};

/*
 * The commits of the repository @path between the tags v@from and v@to.  RQ_EFORMAT says which
 * tag is missing.
 */
int rq_release_load(struct rq_release *out, const char *path, const char *from,
		    const char *to, struct rq_err *err);
/* "<oid>, the same ..." of the commit that is @patch; NULL when there is none.  The caller frees. */
char *rq_release_find(const struct rq_release *release, const struct rq_patch *patch,
		      const struct rq_header *header);
void rq_release_release(struct rq_release *release);

#endif
