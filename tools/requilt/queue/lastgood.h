/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last good series of a branch whose port is red:
 *
 *	series/<queue>/<branch>/port.json            of the red run
 *	series/<queue>/<branch>/last-good/series     what an earlier run left, with
 *	series/<queue>/<branch>/last-good/port.json  its record
 */
#ifndef REQUILT_QUEUE_LASTGOOD_H
#define REQUILT_QUEUE_LASTGOOD_H

#include "emit/emit.h"

/* Where the last good series of the branch's @folder is: NULL where there is none or the folder itself
 * has a series.  The caller frees. */
char *rq_last_good_path(const char *folder);
/*
 * The version of the base that it was made for; behind it ", edited since" where the files are not what
 * their record says, and ", unchecked" where @notes do not say that a port here wrote them.
 * *version is NULL without one.  The caller frees.
 */
int rq_last_good_version(char **version, const char *folder, const char *notes,
			 struct rq_err *err);
/*
 * Adds to @outputs, which are to take the place of @folder, what was the last good series there.  One
 * that lacks a file, or the record of its port, is none.
 */
int rq_last_good_keep(struct rq_outputs *outputs, const char *folder, struct rq_err *err);

#endif
