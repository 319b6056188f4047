/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The patch that a resolution is of, as it was then: without it nobody could tell, once the patch is
 * another, what of the resolution is the hand's and what was the patch's.  In the head of the record:
 *
 *	Patch: -p0
 *	| --- mm/x.c
 *	| +++ mm/x.c
 *	| @@ -10,7 +10,7 @@ function
 *	...
 */
#ifndef REQUILT_RESOLVE_WAS_H
#define REQUILT_RESOLVE_WAS_H

#include "patch/patch.h"

/*
 * Appends the lines for the diffs of @patch; its head and what stands between the diffs are left out.
 * Nothing where they would not read again as the same change.
 */
void rq_was_print(struct rq_str *out, const struct rq_patch *patch);
/* Appends the lines of @head, the text of a record before its diff, as they stand; none where it has none. */
void rq_was_find(struct rq_str *out, struct rq_slice head);
/*
 * The patch of @lines, which rq_was_find() gave; the caller frees it.  *@out is NULL where there are
 * none.  RQ_EFORMAT names what no resolve writes; the caller names the file.
 */
int rq_was_parse(struct rq_patch **out, struct rq_slice lines, struct rq_err *err);

#endif
