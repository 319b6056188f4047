/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An entry of a queue on a branch, to be edited: its files before it and after it, and the patch that they
 * become.  Writes nothing.
 */
#ifndef REQUILT_QUEUE_EDIT_H
#define REQUILT_QUEUE_EDIT_H

#include "patch/patch.h"
#include "queue/queue.h"

struct rq_edit_file {
	char *path;
	enum rq_mode before_mode, after_mode; /* RQ_MODE_NONE: not there */
	struct rq_str before, after;	      /* the entry */
};

/* Owns all. */
struct rq_edit {
	const struct rq_entry *entry; /* borrowed from the series */
	char *path;		      /* of the patch file that the branch reads */
	struct rq_str bytes;	      /* of it */
	bool own;		      /* it is the branch's own */
	bool plain;		      /* every hunk found its text as it is */
	char *followed,
		*followed_to; /* a file of the patch, and its name here; NULL: all have theirs */
	struct rq_str
		patch; /* what stands on the branch: its bytes, or those of a resolution */
	struct rq_oid before; /* one id for all files before it */
	rq_vec(struct rq_edit_file) files;
};

/*
 * Walks @series over the branch up to @entry.  @more are paths that the caller wants to see as they are
 * before and after it, too.  RQ_EQUEUE: it is a rule, is not for the branch, changes nothing there,
 * or is in conflict, or an entry before it is.
 */
int rq_queue_edit(struct rq_edit *out, const struct rq_series *series, const char *branch,
		  const char *entry, const struct rq_names *more,
		  const struct rq_port_options *options, struct rq_err *err);
void rq_edit_release(struct rq_edit *edit);

/* What a person made of a file of the edit; @bytes is borrowed. */
struct rq_edited {
	const char *path;
	enum rq_mode mode;
	struct rq_slice bytes;
};

/*
 * Appends the patch that leads from the files before the entry to @now, one for each file of @edit, in its
 * order: the header's bytes stay, and so do those of files that are as the entry left them, where every
 * hunk had found its text as it is.  RQ_EQUEUE: nothing is left of it; a binary file, or a renamed one.
 */
int rq_edit_patch(struct rq_str *out, const struct rq_edit *edit,
		  const struct rq_edited *now, struct rq_err *err);

#endif
