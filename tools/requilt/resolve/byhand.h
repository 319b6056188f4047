/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A conflict being taken up by hand: a folder with the files concerned, in the queue repository's
 * .requilt/resolve/<queue>/<branch>/ (git ignores it), and beside it what it was made of.
 */
#ifndef REQUILT_RESOLVE_BYHAND_H
#define REQUILT_RESOLVE_BYHAND_H

#include <stdbool.h>

#include "git/git.h"
#include "util/err.h"
#include "util/names.h"

struct rq_byhand {
	char *folder, *state; /* paths */
	char *entry;	      /* NULL: nothing is being taken up */
	char *note; /* of the resolution that the files start from; NULL: of none */
	struct rq_oid base_tree, change;
	struct rq_names markers; /* lines of the branch that read like merge markers */
	struct rq_names files;	 /* that belong to it */
	struct rq_names taken;	 /* ids of offers that were taken, in hex */
};

/* What is being taken up for the branch; @entry is NULL when nothing is. */
int rq_byhand_load(struct rq_byhand *out, const char *root, const char *queue,
		   const char *branch, struct rq_err *err);
/* The same of what `edit` has open, in .requilt/edit: @base_tree and @change are whatever it compares. */
int rq_byhand_load_edit(struct rq_byhand *out, const char *root, const char *queue,
			const char *branch, struct rq_err *err);
/* Writes @path into the folder; RQ_MODE_NONE takes it away.  Links are refused. */
int rq_byhand_put(struct rq_byhand *work, const char *path, enum rq_mode mode,
		  struct rq_slice bytes, struct rq_err *err);
/* Lines of @before, a file as the branch has it, that read like merge markers may stay. */
void rq_byhand_allow(struct rq_byhand *work, struct rq_slice before);
/* Writes @entry, the ids and the names of the files: the last step of taking something up. */
int rq_byhand_save(const struct rq_byhand *work, struct rq_err *err);
/* What the hand made of @path; *mode is RQ_MODE_NONE when it is gone. */
int rq_byhand_get(const struct rq_byhand *work, const char *path, enum rq_mode *mode,
		  struct rq_str *bytes, struct rq_err *err);
/* RQ_EQUEUE names a conflict marker that is left, or a file that does not belong there; .git does. */
int rq_byhand_check(const struct rq_byhand *work, struct rq_err *err);
/* Removes the folder and the state. */
int rq_byhand_drop(struct rq_byhand *work, struct rq_err *err);
void rq_byhand_release(struct rq_byhand *work);

#endif
