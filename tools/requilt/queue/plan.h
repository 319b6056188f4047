/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A change of several files of a queue repository, and of refs, that happens as a whole.
 *
 * The plan is written below .requilt/change first, new bytes included, and then carried out; each of its
 * steps may be done twice.  A run that is killed before the plan is whole has changed nothing; the next
 * run finishes one that is.
 *
 * A clone or a pull request may bring such a directory.  So a plan is finished only where the user's own
 * data has its id, in a file outside of the queue repository: its witness.
 *
 *	put	series/demo.series	0123...cdef
 *	move	patches/demo/a.patch	patches/demo/b.patch
 *	remove	patches/demo/two/c.patch
 *	ref	refs/heads/requilt/old/one	0123...cdef	refs/heads/requilt/demo/one
 */
#ifndef REQUILT_QUEUE_PLAN_H
#define REQUILT_QUEUE_PLAN_H

#include <stdbool.h>

#include "git/git.h"
#include "util/err.h"
#include "util/names.h"
#include "util/str.h"
#include "util/vec.h"

enum rq_step_kind { RQ_STEP_PUT, RQ_STEP_MOVE, RQ_STEP_REMOVE, RQ_STEP_REF };

struct rq_step {
	enum rq_step_kind kind;
	char *path;	     /* below the queue repository; of RQ_STEP_REF, the ref */
	char *to;	     /* of RQ_STEP_MOVE; of RQ_STEP_REF, NULL: the ref goes */
	struct rq_str bytes; /* of RQ_STEP_PUT */
	struct rq_oid
		at; /* of RQ_STEP_REF: where it has to be; of RQ_STEP_PUT: id of the bytes */
};

struct rq_plan {
	rq_vec(struct rq_step) steps;
	struct rq_names said; /* what is changed, a line each, for people */
};

/* The word of a step in a plan: put, move, remove, ref. */
const char *rq_step_word(enum rq_step_kind kind);

/* Takes over @bytes. */
void rq_plan_put(struct rq_plan *plan, const char *path, struct rq_str *bytes);
/* A file or a directory; where @from is not there any more nothing happens. */
void rq_plan_move(struct rq_plan *plan, const char *from, const char *to);
/* A file, or a directory with all that is in it. */
void rq_plan_remove(struct rq_plan *plan, const char *path);
/* A ref that is at @at gets the name @to; NULL: it goes.  Elsewhere by then, it stays. */
void rq_plan_ref(struct rq_plan *plan, const char *ref, const struct rq_oid *at,
		 const char *to);
/* A line about the change, for people. */
void rq_plan_say(struct rq_plan *plan, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void rq_plan_release(struct rq_plan *plan);

/*
 * Carries the plan out in the queue repository @root; the caller has its series/ locked
 * (rq_dir_lock()).  @repo_path is asked for where there are refs in it; @witness is the file of the user's
 * data.  RQ_EUNSAFE names a path that
 * leads out or through a link; then, as after every error before the plan is whole, nothing changed.
 */
int rq_plan_run(struct rq_plan *plan, const char *root, const char *repo_path,
		const char *witness, struct rq_err *err);
/* Whether a killed run left a plan that is to be finished. */
bool rq_plan_waits(const char *root);
/*
 * Finishes it; with the lock.  *done is false where all but the plan's own files was done.  RQ_EUNSAFE: @witness
 * does not have it.
 */
int rq_plan_finish(bool *done, const char *root, const char *repo_path,
		   const char *witness, struct rq_err *err);

#endif
