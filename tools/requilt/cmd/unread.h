/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a reader still has to look at, and the record that it was read.
 */
#ifndef REQUILT_CMD_UNREAD_H
#define REQUILT_CMD_UNREAD_H

#include <stdbool.h>

#include "git/git.h"
#include "series/series.h"
#include "util/err.h"
#include "util/names.h"
#include "util/vec.h"

/* Whose queue is read, and who reads; borrows all. */
struct rq_reading {
	const char *queue, *who;
	const char *out; /* the directory that port wrote <queue>/<branch>/ below */
	const struct rq_series *series;
	const struct rq_branches *branches;
	bool dry; /* record nothing */
};

/*
 * Records that @reading->who has read the change of @entry on @branch, and prints what came of it.
 * RQ_EQUEUE where the entry is red, or the output is not known to be what the queue gives.
 */
int rq_cmd_accept_entry(const struct rq_reading *reading, const char *branch,
			const char *entry, struct rq_err *err);

/* A yellow change that nobody has accepted; the same one on several branches is one. */
struct rq_unread {
	char *entry, *outcome;
	struct rq_oid change;
	struct rq_names branches;
};

struct rq_unreads {
	rq_vec(struct rq_unread) v; /* in the order of the series */
};

/*
 * Of the branches named (all of branches.conf for none) what port wrote last; a branch without an
 * output has none.
 */
int rq_cmd_unread(struct rq_unreads *out, const struct rq_reading *reading,
		  char *const *names, int n_names, struct rq_err *err);
void rq_unreads_release(struct rq_unreads *unreads);

#endif
