// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hunks whose one place is elsewhere in the file.  Takes what the assignment left; it never
 * searches on its own.
 */
#include "apply/apply_internal.h"

static bool is_c(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (strcmp(dot, ".c") == 0 || strcmp(dot, ".h") == 0);
}

/* The one place is in another function than the hunk names, and that one is there, too. */
static void doubt_other_function(const struct rq_job *job, struct rq_site *site)
{
	if (site->at == rq_hunk_stated(site->hunk) || !is_c(job->file->path) ||
	    rq_function_fits(job->file, site->hunk, site->at) ||
	    !rq_function_known(job->file, site->hunk) || rq_job_same_blob(job))
		return;
	site->doubtful = true;
	rq_site_say(site, "fits at line %zu only, in another function than it names",
		    site->at + 1);
}

static enum rq_answer try_offset(struct rq_job *job, struct rq_err *err)
{
	(void)err;
	for (size_t i = 0; i < job->n_sites; i++)
		if (!job->sites[i].settled && job->sites[i].assigned)
			doubt_other_function(job, &job->sites[i]);
	rq_job_settle(job, RQ_OFFSET);
	return rq_job_answer(job);
}

const struct rq_rung rq_rung_offset = {
	.name = "offset",
	.help = "the preimage stands at one other place of the file",
	.try = try_offset,
};
