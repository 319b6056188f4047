/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Present-if lines in an entry's header: how to see that a branch has the change in other
 * words.
 *
 *	Present-if: include/linux/rmap.h defines hugetlb_try_dup_anon_rmap
 *	Present-if: mm/rmap.c lacks page_dup_rmap
 */
#ifndef REQUILT_QUEUE_CONDITION_H
#define REQUILT_QUEUE_CONDITION_H

#include "apply/apply.h"
#include "util/vec.h"

struct rq_condition {
	char *file, *name;
	bool defines; /* else: lacks, no code of the file has the name; comments may */
};

struct rq_conditions {
	rq_vec(struct rq_condition) v;
};

/*
 * Reads the lines of @patch's header.  None is fine; lines without a single `defines` are
 * RQ_EFORMAT, since a file that merely lacks a name proves nothing.
 */
int rq_conditions_read(struct rq_conditions *out, const struct rq_patch *patch,
		       struct rq_err *err);
void rq_conditions_release(struct rq_conditions *conditions);
/*
 * Whether all of them hold in @image.  @why gets what was found, or the first that does not
 * hold; the caller frees it.
 */
int rq_conditions_hold(const struct rq_conditions *conditions, struct rq_image *image,
		       bool *hold, char **why, struct rq_err *err);

#endif
