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
 * Records that @reading->who has read what @branch makes of @entries, and prints what came of it.  All are
 * looked at before the first is recorded: RQ_EQUEUE where one is red, is not @change any more (NULL: takes
 * what is there), or the output is not known to be what the queue gives.  @check only looks.
 */
int rq_cmd_accept_entries(const struct rq_reading *reading, const char *branch,
			  const struct rq_names *entries, const struct rq_oid *change,
			  bool check, struct rq_err *err);

/* A yellow change that nobody has accepted; the same one on several branches is one. */
struct rq_unread {
	char *entry, *outcome; /* "exact?": in doubt */
	struct rq_oid change;
	struct rq_names branches;
};

struct rq_unreads {
	rq_vec(struct rq_unread) v; /* in the order of the series */
	struct rq_names red; /* branches whose port failed: nothing of them is listed */
};

/*
 * Of the branches named (all of branches.conf for none) what port wrote last; a branch without an
 * output has none.
 */
int rq_cmd_unread(struct rq_unreads *out, const struct rq_reading *reading,
		  char *const *names, int n_names, struct rq_err *err);
/* Records that change on all its branches, each of which is looked at before; prints what came of it. */
int rq_cmd_accept_unread(const struct rq_reading *reading, const struct rq_unread *one,
			 struct rq_err *err);
void rq_unreads_release(struct rq_unreads *unreads);

#endif
