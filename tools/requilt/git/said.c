// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the program git said on its standard error.
 */
#include "git/git.h"

struct rq_slice rq_git_reason(struct rq_slice said)
{
	struct rq_slice rest = rq_slice_trim(said), line = RQ_SLICE("");

	while (rq_slice_next_line(&rest, &line) && !rq_slice_starts(line, "fatal: "))
		continue;
	return rq_slice_trim(line);
}
