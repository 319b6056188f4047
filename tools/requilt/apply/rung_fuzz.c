// SPDX-License-Identifier: GPL-2.0-only
/*
 * Context dropped line by line, as far as the maintainer allows (never by default).  Changed
 * lines are never dropped, and the place must still be the only one.
 */
#include "apply/apply_internal.h"

/* patch(1) counts fuzz from the longer context: the shorter end loses lines later. */
static size_t cut_of(size_t fuzz, size_t context, size_t longest)
{
	size_t shorter = longest - context;
	size_t cut = fuzz > shorter ? fuzz - shorter : 0;

	return cut < context ? cut : context;
}

/* With the same context dropped the new text may show that all is done already. */
static bool is_there(const struct rq_job *job, struct rq_site *site, size_t lead,
		     size_t trail)
{
	const struct rq_image_text post = {
		.lines = site->post.lines + lead,
		.n = site->post.n - lead - trail,
	};
	rq_places places = { 0 };
	bool there;

	rq_locate(job->file, &post, site->hunk, false, &places);
	there = places.n > 0 && rq_hunk_says_something(site->hunk);
	if (there)
		rq_site_say(site, RQ_REASON_FUZZ_DONE, .line = (long)places.v[0] + 1);
	rq_vec_release(&places);
	return there;
}

static void locate_cut(struct rq_job *job, struct rq_site *site, size_t fuzz)
{
	const struct rq_hunk *hunk = site->hunk;
	size_t longest = hunk->leading > hunk->trailing ? hunk->leading : hunk->trailing;
	size_t lead = cut_of(fuzz, hunk->leading, longest);
	size_t trail = cut_of(fuzz, hunk->trailing, longest);
	struct rq_image_text *pre = &site->pre;

	pre->lines += lead - site->cut_lead;
	pre->n -= (lead - site->cut_lead) + (trail - site->cut_trail);
	pre->lead = hunk->leading - lead;
	pre->trail = hunk->trailing - trail;
	site->cut_lead = lead;
	site->cut_trail = trail;
	if (pre->n && !is_there(job, site, lead, trail))
		rq_locate(job->file, pre, hunk, fuzz < longest - hunk->trailing,
			  &site->pre_at);
}

static enum rq_answer try_fuzz(struct rq_job *job, struct rq_err *err)
{
	(void)err;
	for (long fuzz = 1; fuzz <= job->options->fuzz && rq_job_open(job); fuzz++) {
		for (size_t i = 0; i < job->n_sites; i++) {
			struct rq_site *site = &job->sites[i];

			/* A reason means that the place was in doubt: less context helps nobody. */
			if (!site->settled && !site->pre_at.n && !site->why)
				locate_cut(job, site, fuzz);
		}
		rq_assign(job);
		rq_job_settle(job, RQ_FUZZ);
	}
	return rq_job_answer(job);
}

const struct rq_rung rq_rung_fuzz = { .try = try_fuzz };
