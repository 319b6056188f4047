// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first rung: what the branch has already is never applied again.  It decides only where
 * the evidence is one-sided; old and new text both found is left open, with both places named.
 */
#include "apply/apply_internal.h"

static bool in_file(struct rq_file *file, struct rq_slice line)
{
	const struct rq_image_text text = { .lines = &line, .n = 1 };
	rq_places places = { 0 };
	bool there;

	rq_locate(file, &text, NULL, false, &places);
	there = places.n > 0;
	rq_vec_release(&places);
	return there;
}

/* None of the lines that the hunk removes is in the file (blank ones do not count). */
static bool removed_are_gone(struct rq_file *file, const struct rq_hunk *hunk)
{
	bool any = false;

	for (size_t i = 0; i < hunk->n_lines; i++) {
		if (hunk->lines[i].sign != '-' || !rq_slice_trim(hunk->lines[i].text).n)
			continue;
		any = true;
		if (in_file(file, hunk->lines[i].text))
			return false;
	}
	return any;
}

static bool holds(const rq_places *places, size_t at)
{
	for (size_t i = 0; i < places->n; i++)
		if (places->v[i] == at)
			return true;
	return false;
}

static size_t stated_after(const struct rq_hunk *hunk)
{
	return hunk->new_start > 0 ? (size_t)hunk->new_start - 1 : 0;
}

/* Places whose function is the one that the hunk names. */
static size_t fitting(const struct rq_job *job, const struct rq_hunk *hunk, char sign,
		      const rq_places *places)
{
	size_t n = 0;

	for (size_t i = 0; i < places->n; i++)
		n += rq_function_fits(job->file, hunk, sign, places->v[i]);
	return n;
}

static void settle(struct rq_site *site, enum rq_outcome rung, size_t at)
{
	site->settled = true;
	site->rung = rung;
	site->at = at;
	/* What was in doubt is where the old text would go. */
	site->doubtful = site->by_line = false;
}

static void settle_present(const struct rq_job *job, struct rq_site *site)
{
	size_t at = site->post_at.v[0];

	for (size_t i = 0; i < site->post_at.n; i++)
		if (rq_function_fits(job->file, site->hunk, '+', site->post_at.v[i]))
			at = site->post_at.v[i];
	if (holds(&site->post_at, stated_after(site->hunk)))
		at = stated_after(site->hunk);
	settle(site, RQ_PRESENT, at);
}

static bool overlap(const struct rq_site *site)
{
	size_t pre = site->pre_at.v[0], post = site->post_at.v[0];

	return pre < post + site->post.n && post < pre + site->pre.n;
}

/* Whether the first run of added lines stands in the file once: then it stands where we saw it. */
static bool added_once(const struct rq_job *job, const struct rq_site *site)
{
	const struct rq_image_text *post = &site->post;
	struct rq_image_text run = { .lines = post->lines + post->lead };
	rq_places places = { 0 };
	bool once;

	for (size_t i = 0; i < site->hunk->n_lines; i++) {
		if (site->hunk->lines[i].sign == '+')
			run.n++;
		else if (run.n)
			break;
	}
	if (!run.n || site->hunk->lines[post->lead].sign != '+')
		return false;
	rq_locate(job->file, &run, site->hunk, false, &places);
	once = places.n == 1;
	rq_vec_release(&places);
	return once;
}

/* Whether another hunk of the file has its old text only; one that has its new text rules it out. */
static bool others_are_old(const struct rq_job *job, const struct rq_site *site,
			   bool exact)
{
	size_t others = 0;

	for (size_t i = 0; i < job->n_sites; i++) {
		const struct rq_site *other = &job->sites[i];

		if (other == site)
			continue;
		if (other->settled || !other->pre_at.n)
			return false;
		if (exact && !holds(&other->pre_at, rq_hunk_stated(other->hunk)))
			return false;
		others += !other->post_at.n;
	}
	return others > 0;
}

/* The stated line, corrected by the shift of the nearest hunk that has one place only. */
static long expected_line(const struct rq_job *job, const struct rq_site *site)
{
	size_t self = site - job->sites;

	for (size_t far = 1; far < job->n_sites; far++) {
		for (size_t after = 0; after <= 1; after++) {
			size_t i = after ? self + far : self - far;
			const struct rq_site *other = job->sites;

			if (i >= job->n_sites)
				continue;
			other += i;
			if (!other->settled && !other->post_at.n && other->pre_at.n == 1)
				return (long)rq_hunk_stated(site->hunk) +
				       (long)other->pre_at.v[0] -
				       (long)rq_hunk_stated(other->hunk);
		}
	}
	return (long)rq_hunk_stated(site->hunk);
}

static bool touches(const struct rq_site *site, size_t pre)
{
	for (size_t i = 0; i < site->post_at.n; i++) {
		size_t post = site->post_at.v[i];

		if (pre < post + site->post.n && post < pre + site->pre.n)
			return true;
	}
	return false;
}

/*
 * The only hunk of the patch, with nothing that tells how far it moved, in a run of equal lines: it may
 * be done, or be one line more.
 */
static bool is_alone_in_run(const struct rq_job *job, const struct rq_site *site)
{
	size_t k = 0;

	if (!job->only_file || job->n_sites > 1)
		return false;
	for (size_t i = 0; i < site->pre_at.n; i++) {
		size_t pre = site->pre_at.v[i];

		while (k < site->post_at.n && site->post_at.v[k] + site->post.n <= pre)
			k++;
		if (k == site->post_at.n || site->post_at.v[k] >= pre + site->pre.n)
			return false;
	}
	return true;
}

static void doubt_both(struct rq_site *site, bool its, size_t old_at)
{
	site->doubtful = true;
	rq_site_say(site, RQ_REASON_OLD_READS_DONE, .line = (long)old_at + 1,
		    .stated = its ? (long)old_at + 1 : 0,
		    .other = (long)site->post_at.v[0] + 1);
	site->post_at.n = 0;
}

/*
 * The old text stands where it should, and the new text reads off other lines: a line more in a run
 * of equal ones, or a twin that has the change.  False when it stands elsewhere.
 */
static bool stands_as_stated(const struct rq_job *job, struct rq_site *site)
{
	size_t stated = rq_hunk_stated(site->hunk);
	bool exact, old, touching;
	long line;

	if (!rq_file_spend(job->file, job->n_sites))
		return false;
	exact = others_are_old(job, site, true);
	old = others_are_old(job, site, false);
	line = expected_line(job, site);
	/* Its only place, in the order of the others. */
	if (old && site->pre_at.n == 1 && touches(site, site->pre_at.v[0]))
		line = (long)site->pre_at.v[0];
	if (!holds(&site->pre_at, (size_t)line) && is_alone_in_run(job, site)) {
		doubt_both(site, false, site->pre_at.v[0]);
		return true;
	}
	if (line < 0 || !holds(&site->pre_at, (size_t)line) ||
	    (job->patch_present && !job->only_file) || (line != (long)stated && !old))
		return false;
	if (!(line == (long)stated && exact) &&
	    (holds(&site->post_at, (size_t)line) ||
	     holds(&site->post_at, stated_after(site->hunk))))
		return false;
	touching = touches(site, (size_t)line);
	site->pre_at.v[0] = (size_t)line;
	site->pre_at.n = 1;
	if (touching && (old || job->n_sites == 1))
		site->post_at.n = 0;
	else
		doubt_both(site, true, (size_t)line);
	return true;
}

/*
 * Old and new text are both there.  One may be another piece of code that merely reads
 * alike; what can tell them apart is the function that the hunk names, then the stated lines.
 */
static void weigh(const struct rq_job *job, struct rq_site *site)
{
	size_t pre_fits = fitting(job, site->hunk, '-', &site->pre_at);
	size_t post_fits = fitting(job, site->hunk, '+', &site->post_at);
	bool post_stated = holds(&site->post_at, stated_after(site->hunk));

	if (pre_fits && !post_fits)
		return;
	if (post_fits && !pre_fits)
		settle_present(job, site);
	else if (job->patch_present && post_stated && rq_hunk_adds(site->hunk))
		settle_present(job, site);
	else if (job->patch_present && rq_site_changes_nothing(site))
		settle_present(job, site);
	else if (job->patch_present && overlap(site) && added_once(job, site))
		settle_present(job, site);
	else if (!stands_as_stated(job, site)) {
		rq_site_say(site, RQ_REASON_OLD_AND_NEW,
			    .line = (long)site->pre_at.v[0] + 1,
			    .other = (long)site->post_at.v[0] + 1);
		site->pre_at.n = 0;
	}
}

/*
 * New text that stands only in other functions than the one that the hunk names, which is in the
 * file, is other code that reads alike: a fix must not be dropped for it.
 */
static bool in_other_function(const struct rq_job *job, const struct rq_site *site)
{
	if (job->patch_present && holds(&site->post_at, stated_after(site->hunk)))
		return false;
	for (size_t i = 0; i < site->post_at.n; i++) {
		struct rq_evidence evidence;

		rq_evidence_of(&evidence, job->file, job->diff, site->hunk, '+',
			       site->post_at.v[i]);
		if (evidence.speaks != RQ_SPEAKS_AGAINST || !evidence.meant)
			return false;
	}
	return true;
}

static void look(struct rq_job *job, struct rq_site *site)
{
	if (!site->pre.n && !job->patch_present)
		return;
	if (!site->pre_at.n && site->post_at.n && in_other_function(job, site)) {
		rq_site_say(site, RQ_REASON_NOT_IN_FUNCTION,
			    .line = (long)site->post_at.v[0] + 1);
		return;
	}
	if (site->pre_at.n && site->post_at.n) {
		weigh(job, site);
	} else if (site->post_at.n && !site->pre_at.n &&
		   (job->patch_present || rq_hunk_says_something(site->hunk))) {
		settle_present(job, site);
	} else if (!site->pre_at.n && !rq_hunk_adds(site->hunk) &&
		   removed_are_gone(job->file, site->hunk)) {
		rq_site_say(site, RQ_REASON_ABSENT);
		settle(site, RQ_ABSENT, 0);
	} else if (!site->pre_at.n && site->post_at.n) {
		rq_site_say(site, RQ_REASON_REMOVED,
			    .line = (long)site->post_at.v[0] + 1);
	}
}

static bool any_new(const struct rq_job *job)
{
	for (size_t i = 0; i < job->n_sites; i++)
		if (job->sites[i].post_at.n)
			return true;
	return false;
}

static bool all_old(const struct rq_job *job)
{
	for (size_t i = 0; i < job->n_sites; i++)
		if (!job->sites[i].pre_at.n)
			return false;
	return true;
}

static enum rq_answer try_present(struct rq_job *job, struct rq_err *err)
{
	bool new = any_new(job);

	(void)err;
	if ((!new &&all_old(job)) || rq_job_same_blob(job))
		return RQ_NOT_MINE;
	if (new)
		rq_assign_old_or_new(job);
	for (size_t i = 0; i < job->n_sites; i++)
		look(job, &job->sites[i]);
	return rq_job_answer(job);
}

const struct rq_rung rq_rung_present = { .try = try_present };
