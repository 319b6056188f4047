// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hunks whose one place is elsewhere in the file.  Takes what the assignment left; it never
 * searches on its own.
 */
#include "apply/apply_internal.h"

static enum rq_answer try_offset(struct rq_job *job, struct rq_err *err)
{
	(void)err;
	rq_job_settle(job, RQ_OFFSET);
	return rq_job_answer(job);
}

const struct rq_rung rq_rung_offset = {
	.name = "offset",
	.help = "the preimage stands at one other place of the file",
	.try = try_offset,
};
