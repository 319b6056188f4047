// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hunks at the line that the patch states.
 */
#include "apply/apply_internal.h"

static enum rq_answer try_exact(struct rq_job *job, struct rq_err *err)
{
	(void)err;
	rq_assign(job);
	for (size_t i = 0; i < job->n_sites; i++) {
		struct rq_site *site = &job->sites[i];

		if (site->settled || !site->assigned ||
		    site->at != rq_hunk_stated(site->hunk))
			continue;
		site->settled = true;
		site->rung = RQ_EXACT;
	}
	return rq_job_answer(job);
}

const struct rq_rung rq_rung_exact = { .try = try_exact };
