/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One step back: what the records of people were before the last command that wrote some.  Kept in
 * .requilt/undo, which git ignores:
 *
 *	requilt undo 1
 *	what accept demo linux-6.1.y 0003-x.patch
 *	file series/demo.reviewed 0123...cdef 207	the id of what the command left ("-": nothing),
 *	<207 bytes>					and how long it was before ("-": not there)
 */
#ifndef REQUILT_QUEUE_UNDO_H
#define REQUILT_QUEUE_UNDO_H

#include "queue/plan.h"

/* A file as it was. */
struct rq_kept {
	char *path; /* below the queue repository */
	struct rq_str bytes;
};

/* The records of all queues of a repository, sorted by path. */
struct rq_records {
	rq_vec(struct rq_kept) v;
};

/* Reads them as they are now.  What cannot be read is left out. */
void rq_records_read(struct rq_records *out, const char *root);
void rq_records_release(struct rq_records *records);

/* Keeps @before for rq_plan_undo(), if the records are others by now; @what made them so, in one line. */
int rq_undo_keep(const struct rq_records *before, const char *root, const char *what,
		 struct rq_err *err);
/*
 * Plans the records as they were before the last step; *what, which the caller frees, is what made it.
 * RQ_EQUEUE where there is none, or a record has changed since.
 */
int rq_plan_undo(struct rq_plan *plan, char **what, const char *root, struct rq_err *err);
/* There is no step back any more. */
int rq_undo_forget(const char *root, struct rq_err *err);

#endif
