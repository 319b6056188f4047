// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hunks whose one place is elsewhere in the file.  Takes what the assignment left; it never
 * searches on its own.
 */
#include "apply/apply_internal.h"

static enum rq_answer try_offset(struct rq_job *job, struct rq_err *err)
{
	(void)err;
	for (size_t i = 0; i < job->n_sites; i++) {
		struct rq_site *site = &job->sites[i];

		if (site->settled || !site->assigned)
			continue;
		site->settled = true;
		site->rung = RQ_OFFSET;
	}
	return rq_job_answer(job);
}

const struct rq_rung rq_rung_offset = {
	.name = "offset",
	.help = "the preimage stands at one other place of the file",
	.try = try_offset,
};
