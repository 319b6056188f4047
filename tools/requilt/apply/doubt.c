// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which placements a person has to look at: those that something speaks against, or that have
 * nothing but a text to speak for them where one is not enough.  Asked once, when all hunks of a
 * file have their places; takes no place away.
 */
#include "apply/apply_internal.h"

#include "apply/naming_internal.h"

/* Of ten lines that say something, so many make other code read like a hunk. */
#define ALIKE_OF_TEN 7

static long stated_after(const struct rq_hunk *hunk)
{
	return hunk->new_start > 0 ? hunk->new_start - 1 : 0;
}

/* How far the site is from where the patch and the hunks that are there already put it. */
static long shift_of(const struct rq_site *site)
{
	return (long)site->at - (long)rq_hunk_stated(site->hunk) - site->grown;
}

/* The shift of the site next to @site in direction @step; false where it has no neighbour. */
static bool neighbour_shift(const struct rq_job *job, const struct rq_site *site,
			    int step, long *shift)
{
	for (long i = site - job->sites + step; i >= 0 && i < (long)job->n_sites;
	     i += step) {
		if (job->sites[i].rung == RQ_ABSENT)
			continue;
		*shift = shift_of(&job->sites[i]);
		return true;
	}
	return false;
}

/* Whether the site stands where its line and the hunks beside it say. */
static bool is_at_its_line(const struct rq_job *job, const struct rq_site *site)
{
	long mine = shift_of(site), before = 0, after = 0;
	bool has_before = neighbour_shift(job, site, -1, &before);
	bool has_after = neighbour_shift(job, site, 1, &after);

	if (!has_before && !has_after)
		return mine == 0;
	return (has_before && mine == before) || (has_after && mine == after);
}

/* Where the patch and the hunks beside it let expect the site. */
static long expected_line(const struct rq_job *job, const struct rq_site *site)
{
	long shift = 0;

	if (!neighbour_shift(job, site, -1, &shift))
		neighbour_shift(job, site, 1, &shift);
	return (long)site->at - shift_of(site) + shift;
}

/*
 * Whether the lines at @at are @text but for a few: the code that is meant, changed since.  Where
 * all are equal, the hunk was kept from there by another rule.
 */
static bool reads_alike(struct rq_file *file, const struct rq_image_text *text, size_t at)
{
	size_t said = 0, equal = 0;

	if (at + text->n > file->n_lines || !rq_file_spend(file, text->n))
		return false;
	for (size_t i = 0; i < text->n; i++) {
		if (!rq_slice_has_word(text->lines[i]))
			continue;
		said++;
		equal += rq_slice_eq(file->lines[at + i], text->lines[i]);
	}
	return equal < said && equal * 10 >= said * ALIKE_OF_TEN;
}

/* The nearest line to the expected one, nearer than the site's own, that reads alike; from 1. */
static size_t find_twin(const struct rq_job *job, const struct rq_site *site)
{
	long expected = expected_line(job, site), at = (long)site->at;
	long far = at > expected ? at - expected : expected - at;

	for (long d = 0; d < far; d++)
		for (int side = -1; side <= 1; side += 2) {
			long twin = expected + side * d;

			if (twin < 0 || (twin < at + (long)site->pre.n &&
					 at < twin + (long)site->pre.n))
				continue;
			if (reads_alike(job->file, &site->pre, (size_t)twin))
				return (size_t)twin + 1;
		}
	return 0;
}

/* What the line opens, as messages write it; the caller frees it. */
static char *opening_of(const struct rq_file *file, struct rq_slice line)
{
	struct rq_str out = { 0 };

	rq_say_opening(&out, file, line);
	return out.s;
}

static void say_around(struct rq_reason *why, const struct rq_file *file, size_t around)
{
	if (around)
		why->around = opening_of(file, file->lines[around - 1]);
}

/* The source has what the hunk names and not what is around the place here: a new name for it. */
static bool is_renamed(const struct rq_job *job, const struct rq_site *site,
		       size_t around)
{
	const struct rq_file *source = job->source_before;

	return source && source->mode != RQ_MODE_NONE && around &&
	       rq_file_spend(job->file, source->n_lines) &&
	       rq_file_opens(source, site->hunk->function) &&
	       !rq_file_opens(source, job->file->lines[around - 1]);
}

/* What the hunk names, and where that is. */
static void say_meant(struct rq_reason *why, const struct rq_job *job,
		      const struct rq_site *site, const struct rq_evidence *evidence)
{
	why->name = opening_of(job->file, site->hunk->function);
	why->other = (long)evidence->meant;
	if (!evidence->meant && is_renamed(job, site, evidence->around))
		why->renamed =
			opening_of(job->file, job->file->lines[evidence->around - 1]);
}

static void doubt(struct rq_site *site, const struct rq_reason *why)
{
	site->doubtful = true;
	site->by_line = false;
	rq_site_reason(site, why);
}

/*
 * Whether a hunk before this one shows the line that opens what is around both: the two stand in
 * one thing, whatever the heading took for it.
 */
static bool is_shown_before(const struct rq_job *job, const struct rq_site *site,
			    size_t around)
{
	if (!rq_file_spend(job->file, (size_t)(site - job->sites)))
		return false;
	for (const struct rq_site *s = job->sites; s < site; s++)
		if ((s->rung == RQ_EXACT || s->rung == RQ_OFFSET) && s->at < around &&
		    around <= s->at + s->pre.n && shift_of(s) == shift_of(site))
			return true;
	return false;
}

/* Cheap: whether nothing that rq_evidence_of() may say can make a doubt of the place. */
static bool is_beyond_doubt(const struct rq_job *job, const struct rq_site *site)
{
	return rq_function_fits(job->file, site->hunk, '-', site->at) &&
	       (site->rung == RQ_EXACT || site->doubtful || is_at_its_line(job, site));
}

/* Whether the line opens a table: elements of one read alike. */
static bool opens_table(const struct rq_file *file, size_t line)
{
	struct rq_name name;

	return line &&
	       rq_name_of(&name, rq_language_of(file->path), file->lines[line - 1]) &&
	       name.kind == RQ_NAME_OBJECT;
}

/* Whether each line of the old text stands in the file more than once. */
static bool is_common(const struct rq_job *job, const struct rq_site *site)
{
	for (size_t i = 0; i < site->pre.n; i++) {
		size_t at = rq_file_find(job->file, site->pre.lines[i]);

		if (at && !rq_file_find_next(job->file, at))
			return false;
	}
	return true;
}

static void doubt_placed(const struct rq_job *job, struct rq_site *site)
{
	struct rq_evidence evidence;
	struct rq_reason why = { .line = (long)site->at + 1 };
	size_t twin;
	bool bare;

	if (is_beyond_doubt(job, site))
		return;
	rq_evidence_of(&evidence, job->file, job->diff, site->hunk, '-', site->at);
	if (evidence.speaks == RQ_SPEAKS_AGAINST &&
	    !is_shown_before(job, site, evidence.around) && !rq_job_same_blob(job)) {
		why.code = RQ_REASON_ELSEWHERE;
		why.more = site->pre_at.n > 1 ? (long)site->pre_at.n - 1 : 0;
		say_around(&why, job->file, evidence.around);
		say_meant(&why, job, site, &evidence);
		doubt(site, &why);
	}
	if (site->rung != RQ_OFFSET || site->doubtful || is_at_its_line(job, site))
		return;
	if (evidence.speaks == RQ_SPEAKS_FOR && opens_table(job->file, evidence.around) &&
	    is_common(job, site) && !rq_job_same_blob(job)) {
		why.code = RQ_REASON_COMMON;
		say_around(&why, job->file, evidence.around);
		doubt(site, &why);
	}
	if (evidence.speaks != RQ_SAYS_NOTHING)
		return;
	bare = evidence.several && !site->pre.lead && !site->pre.trail;
	twin = bare ? 0 : find_twin(job, site);
	/* Hashes the file, so it is asked last. */
	if ((!bare && !twin) || rq_job_same_blob(job))
		return;
	if (bare) {
		why.code = RQ_REASON_WITHOUT_CONTEXT;
		say_around(&why, job->file, evidence.around);
		doubt(site, &why);
		return;
	}
	why.code = RQ_REASON_TWIN;
	why.other = (long)twin;
	doubt(site, &why);
}

/* Two hunks at least, the new text of each there, in order, and in no function that is not. */
static bool all_are_present(const struct rq_job *job)
{
	struct rq_evidence evidence;
	size_t end = 0;

	for (size_t i = 0; i < job->n_sites; i++) {
		const struct rq_site *site = &job->sites[i];

		if (site->rung != RQ_PRESENT || site->at < end)
			return false;
		end = site->at + site->post.n - site->post.trail;
		rq_evidence_of(&evidence, job->file, job->diff, site->hunk, '+',
			       site->at);
		if (evidence.names && !evidence.meant)
			return false;
	}
	return job->n_sites > 1;
}

/* @all: what all_are_present() says of the file. */
static void doubt_present(const struct rq_job *job, struct rq_site *site, bool all)
{
	struct rq_evidence evidence;
	struct rq_reason why = { .code = RQ_REASON_PRESENT_ELSEWHERE,
				 .line = (long)site->at + 1 };
	bool named;

	rq_evidence_of(&evidence, job->file, job->diff, site->hunk, '+', site->at);
	named = evidence.names && !evidence.several;
	if (evidence.speaks == RQ_SPEAKS_FOR)
		return;
	if (evidence.speaks == RQ_SAYS_NOTHING &&
	    ((!named && is_at_its_line(job, site)) || all))
		return;
	say_around(&why, job->file, evidence.around);
	if (site->at != (size_t)stated_after(site->hunk))
		why.stated = stated_after(site->hunk) + 1;
	if (evidence.speaks == RQ_SPEAKS_AGAINST)
		say_meant(&why, job, site, &evidence);
	doubt(site, &why);
}

/* The lines by which hunks that are there already moved each site. */
static void count_grown(struct rq_job *job)
{
	long grown = 0;

	for (size_t i = 0; i < job->n_sites; i++) {
		struct rq_site *site = &job->sites[i];

		site->grown = grown;
		if (site->rung == RQ_PRESENT)
			grown += site->hunk->new_count - site->hunk->old_count;
	}
}

void rq_job_doubt(struct rq_job *job)
{
	bool all = all_are_present(job);

	count_grown(job);
	for (size_t i = 0; i < job->n_sites; i++) {
		struct rq_site *site = &job->sites[i];

		if (site->rung == RQ_EXACT || site->rung == RQ_OFFSET)
			doubt_placed(job, site);
		else if (site->rung == RQ_PRESENT)
			doubt_present(job, site, all);
	}
}

void rq_doubt_moved(struct rq_hunk_record *record, struct rq_file *file,
		    const struct rq_filediff *diff)
{
	const struct rq_job job = { .file = file, .diff = diff };
	size_t from = 0, at;

	if (rq_index_names(diff->new_index, file))
		return;
	for (size_t i = 0; i < diff->n_hunks; i++) {
		const struct rq_site site = { .hunk = &diff->hunks[i] };
		struct rq_evidence evidence;
		struct rq_reason why = { .code = RQ_REASON_HUNK_PRESENT_ELSEWHERE,
					 .hunk = (long)i + 1 };

		if (!rq_hunk_there(file, diff, site.hunk, &from, &at))
			return;
		rq_evidence_of(&evidence, file, diff, site.hunk, '+', at);
		if (evidence.speaks != RQ_SPEAKS_AGAINST)
			continue;
		why.line = (long)at + 1;
		say_around(&why, file, evidence.around);
		say_meant(&why, &job, &site, &evidence);
		record->doubtful = true;
		record->why = rq_reason_new(&why);
		return;
	}
}
