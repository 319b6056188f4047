/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two versions of a patch, hunk by hunk: which of them only one has, or both in other words.  The key of
 * a hunk is its file and its lines; line numbers and what else changes in the file do not count, but where
 * a file's hunks read alike: there stated line and function say which is which.
 */
#ifndef REQUILT_RESOLVE_REVISION_H
#define REQUILT_RESOLVE_REVISION_H

#include "patch/patch.h"

/* A hunk, or a whole file where both hunks are NULL; a version that lacks it has no file here, or no hunk. */
struct rq_revised {
	const struct rq_filediff *was_file, *now_file;
	const struct rq_hunk *was, *now;
	size_t number; /* of the hunk in its file, from 1; 0: the whole file */
	bool moved;    /* both hunks read alike, and are not at the same place */
};

/* Borrows both patches. */
struct rq_revision {
	rq_vec(struct rq_revised) v; /* file by file */
	bool beyond; /* a rename, a copy or binary parts are others: then nothing can be carried */
	bool doubtful; /* a file that is another has hunks that read alike: a hand may start from it */
};

void rq_revision_find(struct rq_revision *out, const struct rq_patch *was,
		      const struct rq_patch *now);
void rq_revision_release(struct rq_revision *revision);
/* Whether the file is the same in both. */
bool rq_revision_keeps(const struct rq_revision *revision, const char *path);

/*
 * As patches, which the caller frees; NULL where nothing is in them, and where @beyond.  Back takes away
 * what only the earlier version does, forth does what only the later does.
 */
int rq_revision_back(struct rq_patch **out, const struct rq_revision *revision,
		     struct rq_err *err);
int rq_revision_forth(struct rq_patch **out, const struct rq_revision *revision,
		      struct rq_err *err);
/*
 * The same in one, for what became of the earlier version under a hand: each hunk leads from what the
 * earlier one makes to what the later one makes of it.  What only their context differs in is no change.
 */
int rq_revision_merge(struct rq_patch **out, const struct rq_revision *revision,
		      struct rq_err *err);
/*
 * Appends where the first difference is, and the first line that differs: "mm/x.c hunk 2 is another:
 * '+a' was '+b'".  Nothing where there is none.
 */
void rq_revision_tell(struct rq_str *out, const struct rq_revision *revision);

#endif
