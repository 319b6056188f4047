// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hunks whose one place is elsewhere in the file.  Takes what the assignment left; it never
 * searches on its own.
 */
#include "apply/apply_internal.h"

/* Whether @site's new text stands apart from its place, and its function does not rule that out. */
static bool stands_apart(const struct rq_job *job, const struct rq_site *site,
			 size_t post)
{
	const struct rq_hunk *hunk = site->hunk;

	return (post + site->post.n <= site->at || site->at + site->pre.n <= post) &&
	       rq_post_may_stand(hunk, post) &&
	       (rq_function_fits(job->file, hunk, '+', post) ||
		!rq_function_fits(job->file, hunk, '-', site->at));
}

/* What only removes has nothing of its own to be known by: it may be done, and this a copy. */
static void doubt_done_elsewhere(const struct rq_job *job, struct rq_site *site)
{
	rq_places places = { 0 };

	if (site->at == rq_hunk_stated(site->hunk) || rq_hunk_adds(site->hunk))
		return;
	rq_locate(job->file, &site->post, site->hunk, false, &places);
	for (size_t i = 0; i < places.n && !site->doubtful; i++) {
		if (!stands_apart(job, site, places.v[i]))
			continue;
		/* Hashes the file, so it is asked last. */
		if (rq_job_same_blob(job))
			break;
		site->doubtful = true;
		rq_site_say(site, RQ_REASON_READS_DONE, .line = (long)site->at + 1,
			    .other = (long)places.v[i] + 1);
	}
	rq_vec_release(&places);
}

static enum rq_answer try_offset(struct rq_job *job, struct rq_err *err)
{
	(void)err;
	for (size_t i = 0; i < job->n_sites; i++)
		if (!job->sites[i].settled && job->sites[i].assigned)
			doubt_done_elsewhere(job, &job->sites[i]);
	rq_job_settle(job, RQ_OFFSET);
	return rq_job_answer(job);
}

const struct rq_rung rq_rung_offset = { .try = try_offset };
