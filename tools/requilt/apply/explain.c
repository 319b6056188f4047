// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a hunk found no place: the near match, and which line of it differs.  Takes no place away, and
 * what it compares counts for messages only.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>

/* How the end of @have, a line of the file, differs from that of @want. */
static enum rq_reason_code other_end(struct rq_slice have, struct rq_slice want)
{
	if (rq_slice_eq(have, want))
		return RQ_REASON_NONE;
	if (rq_slice_ends(want, "\r\n"))
		return RQ_REASON_PATCH_CRLF;
	if (rq_slice_ends(have, "\r\n"))
		return RQ_REASON_FILE_CRLF;
	return rq_slice_ends(want, "\n") ? RQ_REASON_PATCH_NEWLINE
					 : RQ_REASON_FILE_NEWLINE;
}

/*
 * Whether @text stands at @at with other ends of lines: the first line, from 1, with another one, and
 * in *@how what it is; else 0.
 */
static size_t other_ends_at(const struct rq_job *job, const struct rq_image_text *text,
			    size_t at, enum rq_reason_code *how)
{
	size_t first = 0;

	*how = RQ_REASON_NONE;
	for (size_t i = 0; i < text->n; i++) {
		struct rq_slice have = job->file->lines[at + i], want = text->lines[i];

		if (!rq_file_spend(job->file, 1) ||
		    !rq_slice_eq(rq_line_without_end(have), rq_line_without_end(want)))
			return 0;
		if (*how)
			continue;
		*how = other_end(have, want);
		first = at + i + 1;
	}
	return *how ? first : 0;
}

/* Looks for @text with other ends of lines: what other_ends_at() says of the first place. */
static size_t find_other_ends(const struct rq_job *job, const struct rq_image_text *text,
			      enum rq_reason_code *how)
{
	size_t n = job->file->n_lines, first = 0, key, line;
	const struct rq_line_index *index;

	if (!text->n || text->n > n)
		return 0;
	index = rq_line_index_of(job->file);
	if (!index) {
		for (size_t at = 0; !first && at <= n - text->n; at++)
			first = other_ends_at(job, text, at, how);
		return first;
	}
	key = rq_line_index_rarest(index, text);
	line = rq_line_index_first(index, text->lines[key]);
	for (; !first && line && rq_file_spend(job->file, 1);
	     line = rq_line_index_next(index, line))
		if (line > key && line - 1 - key <= n - text->n)
			first = other_ends_at(job, text, line - 1 - key, how);
	return first;
}

/* Whether all lines that the hunk has with @sign are at @at, in its order, context left out. */
static bool has_changed_lines(const struct rq_job *job, const struct rq_hunk *hunk,
			      char sign, size_t at)
{
	size_t found = 0;

	for (size_t i = 0; i < hunk->n_lines; i++) {
		if (hunk->lines[i].sign != ' ' && hunk->lines[i].sign != sign)
			continue;
		if (hunk->lines[i].sign == sign) {
			if (at >= job->file->n_lines ||
			    !rq_slice_eq(job->file->lines[at], hunk->lines[i].text))
				return false;
			found++;
		}
		at++;
	}
	return found > 0;
}

/* Its new lines are there, but for the context: which line of that differs.  False if they are not. */
static bool explain_by_new(const struct rq_job *job, struct rq_site *site,
			   struct rq_beside *beside)
{
	struct rq_reason why = { .code = RQ_REASON_CONTEXT };
	size_t at, equal;

	if (!rq_hunk_says_something(site->hunk) ||
	    !rq_near_match(job->file, &site->post, job->diff, site->hunk, &at, &equal) ||
	    !has_changed_lines(job, site->hunk, '+', at) ||
	    !rq_show_beside(beside, &why, job->file, site->hunk, '+', at))
		return false;
	rq_site_reason(site, &why);
	return true;
}

/* The near match at @at, where @equal lines stand; a reason that was found before stays. */
static void explain_near(const struct rq_job *job, struct rq_site *site, size_t at,
			 size_t equal, struct rq_beside *beside)
{
	struct rq_reason near = { .code = RQ_REASON_NEAR };
	bool differs =
		equal && rq_show_beside(beside, &near, job->file, site->hunk, '-', at);

	if (site->why) {
		free(near.text);
		free(near.want);
	} else if (differs) {
		rq_site_reason(site, &near);
	} else if (!equal) {
		rq_site_say(site, RQ_REASON_NO_LINE);
	} else if (equal < site->pre.n) {
		rq_site_say(site, RQ_REASON_NEAR, .line = (long)at + 1,
			    .count = (long)equal, .of = (long)site->pre.n);
	} else if (site->pre.trail < site->pre.lead) {
		rq_site_say(site, RQ_REASON_BELONGS_TO_END, .line = (long)at + 1);
	} else {
		rq_site_say(site, RQ_REASON_BELONGS_TO_START, .line = (long)at + 1);
	}
}

void rq_site_explain(const struct rq_job *job, struct rq_site *site,
		     struct rq_beside *beside)
{
	enum rq_reason_code how;
	size_t equal, at, ends;

	if (site->why && (site->pre_at.n || !beside))
		return;
	ends = site->why ? 0 : find_other_ends(job, &site->pre, &how);
	if (ends && !site->pre_at.n) {
		rq_site_say(site, how, .line = (long)ends);
		return;
	}
	if (rq_near_match(job->file, &site->pre, job->diff, site->hunk, &at, &equal)) {
		if (site->why || has_changed_lines(job, site->hunk, '-', at) ||
		    !explain_by_new(job, site, beside))
			explain_near(job, site, at, equal, beside);
	} else if (!site->why) {
		rq_site_say(site, RQ_REASON_NOT_SOUGHT);
	}
}
