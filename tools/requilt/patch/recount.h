/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A patch whose hunks were edited by hand: the counts of lines in "@@ -a,b +c,d @@" made right again.
 */
#ifndef REQUILT_PATCH_RECOUNT_H
#define REQUILT_PATCH_RECOUNT_H

#include "util/err.h"
#include "util/names.h"
#include "util/str.h"

/*
 * Appends @bytes with right counts, and where hunks of a file grew or shrank, with the starts of those that
 * follow moved alike.  All other bytes stay.  @said gets "12: @@ -1,2 +1,3 @@ -> @@ -1,2 +1,4 @@" for each
 * hunk that is another.  RQ_EFORMAT names line and reason where it cannot be told which lines are the
 * hunk's: one without a sign among them, an empty one at its end, what may be a header or a change.
 */
int rq_patch_recount(struct rq_str *out, struct rq_names *said, const char *name,
		     struct rq_slice bytes, struct rq_err *err);

#endif
