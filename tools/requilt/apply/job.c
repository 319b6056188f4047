// SPDX-License-Identifier: GPL-2.0-only
/*
 * A job: one file's hunks being placed, then the edit that its placements make.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>

void rq_site_reason(struct rq_site *site, const struct rq_reason *reason)
{
	rq_reason_free(site->why);
	site->why = rq_reason_new(reason);
}

void rq_hunk_text(struct rq_image_text *text, const struct rq_hunk *hunk, char sign)
{
	text->lines = rq_xcalloc(hunk->n_lines, sizeof(*text->lines));
	for (size_t i = 0; i < hunk->n_lines; i++)
		if (hunk->lines[i].sign == ' ' || hunk->lines[i].sign == sign)
			text->lines[text->n++] = hunk->lines[i].text;
	text->lead = hunk->leading;
	text->trail = hunk->trailing;
}

bool rq_hunk_adds(const struct rq_hunk *hunk)
{
	for (size_t i = 0; i < hunk->n_lines; i++)
		if (hunk->lines[i].sign == '+')
			return true;
	return false;
}

bool rq_job_same_blob(const struct rq_job *job)
{
	return rq_index_names(job->diff->old_index, job->file);
}

/* How far the nearest hunk before @site that has one place is from its line, else behind it. */
static long shift_beside(const struct rq_job *job, const struct rq_site *site)
{
	for (int step = -1; step <= 1; step += 2)
		for (long i = site - job->sites + step; i >= 0 && i < (long)job->n_sites;
		     i += step) {
			const struct rq_site *s = &job->sites[i];

			if (!rq_file_spend(job->file, 1))
				return 0;
			if (s->pre.n && s->pre_at.n == 1)
				return (long)s->pre_at.v[0] -
				       (long)rq_hunk_stated(s->hunk);
		}
	return 0;
}

/* Whether the hunk may insert at line @at: nothing says that it belongs elsewhere. */
static bool may_insert(const struct rq_job *job, const struct rq_site *site, long at,
		       struct rq_evidence *evidence)
{
	if (at < 0 || at > (long)job->file->n_lines)
		return false;
	rq_evidence_of(evidence, job->file, job->diff, site->hunk, '-', (size_t)at);
	return evidence->speaks != RQ_SPEAKS_AGAINST || !evidence->meant;
}

/*
 * Without a line to go by, only the stated place can be meant, or the one that the hunk beside it
 * makes of that; and neither in another function than the hunk names.
 */
static void locate_nothing(const struct rq_job *job, struct rq_site *site)
{
	long stated = (long)rq_hunk_stated(site->hunk), shifted = stated;
	struct rq_evidence evidence = { 0 };
	bool known = !job->file->n_lines || rq_job_same_blob(job);

	if (!known)
		shifted += shift_beside(job, site);
	site->doubtful = !known;
	if (known && stated <= (long)job->file->n_lines)
		*rq_vec_push(&site->pre_at) = (size_t)stated;
	else if (!known && may_insert(job, site, shifted, &evidence))
		*rq_vec_push(&site->pre_at) = (size_t)shifted;
	else if (!known && may_insert(job, site, stated, &evidence))
		*rq_vec_push(&site->pre_at) = (size_t)stated;
	else if (evidence.meant)
		rq_site_say(site, RQ_REASON_INSERTS_ELSEWHERE,
			    .line = (long)evidence.meant);
}

bool rq_hunk_ends_file(const struct rq_hunk *hunk)
{
	return hunk->trailing < hunk->leading;
}

/* Of the places that it has, the one at @end if there is one. */
static bool keep_place(rq_places *places, size_t at)
{
	for (size_t i = 0; i < places->n; i++) {
		if (places->v[i] != at)
			continue;
		places->v[0] = at;
		places->n = 1;
		return true;
	}
	return false;
}

static bool has_place(const rq_places *places, size_t at)
{
	for (size_t i = 0; i < places->n; i++)
		if (places->v[i] == at)
			return true;
	return false;
}

/*
 * A hunk with less context behind than in front was made at the end of its file, or with
 * `git diff -W` of a whole function.  The end is taken where it fits, unless the hunk may as well
 * be such a function at its stated line.  Elsewhere it is taken where it fits once.
 */
static void weigh_end(const struct rq_job *job, struct rq_site *site)
{
	rq_places *places = &site->pre_at;
	size_t end = job->file->n_lines - site->pre.n, at = rq_hunk_stated(site->hunk);
	bool is_last = site == &job->sites[job->n_sites - 1];

	if (!is_last || (site->hunk->trailing && at != end && has_place(places, at)))
		return;
	if (keep_place(places, end) || site->hunk->trailing)
		return;
	if (places->n > 1) {
		places->n = 0;
		return;
	}
	site->doubtful = true;
	rq_site_say(site, RQ_REASON_NOT_AT_END, .line = (long)places->v[0] + 1,
		    .count = (long)(end - places->v[0]));
}

/* The same for the start of the file: line 1 is stated, and there is less context in front. */
static void weigh_start(struct rq_site *site)
{
	rq_places *places = &site->pre_at;

	if (keep_place(places, 0))
		return;
	if (places->n > 1) {
		places->n = 0;
		return;
	}
	site->doubtful = true;
	rq_site_say(site, RQ_REASON_NOT_AT_START, .line = (long)places->v[0] + 1,
		    .count = (long)places->v[0]);
}

static bool at_its_end(const struct rq_job *job, const struct rq_site *site)
{
	return rq_hunk_ends_file(site->hunk)
		       ? has_place(&site->pre_at, job->file->n_lines - site->pre.n)
		       : has_place(&site->pre_at, 0);
}

static void locate_pre(const struct rq_job *job, struct rq_site *site)
{
	const struct rq_hunk *hunk = site->hunk;
	bool starts = hunk->leading < hunk->trailing && hunk->old_start <= 1;
	rq_places news = { 0 };

	rq_locate(job->file, &site->pre, hunk, false, &site->pre_at);
	if (!site->pre_at.n || !(starts || rq_hunk_ends_file(hunk)))
		return;
	/* What it adds may stand at its end of the file by now: the old text is a part of that. */
	if (!at_its_end(job, site)) {
		rq_locate(job->file, &site->post, hunk, false, &news);
		if (news.n)
			site->pre_at.n = 0;
		rq_vec_release(&news);
	}
	if (site->pre_at.n && starts)
		weigh_start(site);
	else if (site->pre_at.n)
		weigh_end(job, site);
}

bool rq_site_changes_nothing(const struct rq_site *site)
{
	if (site->pre.n != site->post.n)
		return false;
	for (size_t i = 0; i < site->pre.n; i++)
		if (!rq_slice_eq(site->pre.lines[i], site->post.lines[i]))
			return false;
	return true;
}

static void locate_post(const struct rq_job *job, struct rq_site *site)
{
	rq_places *places = &site->post_at;
	size_t kept = 0;

	rq_locate(job->file, &site->post, site->hunk, false, places);
	for (size_t i = 0; i < places->n; i++)
		if (rq_post_may_stand(site->hunk, places->v[i]))
			places->v[kept++] = places->v[i];
	places->n = kept;
}

void rq_job_survey(struct rq_job *job)
{
	job->n_sites = job->diff->n_hunks;
	job->sites = rq_xcalloc(job->n_sites, sizeof(*job->sites));
	for (size_t i = 0; i < job->n_sites; i++) {
		struct rq_site *site = &job->sites[i];

		site->hunk = &job->diff->hunks[i];
		rq_hunk_text(&site->pre, site->hunk, '-');
		rq_hunk_text(&site->post, site->hunk, '+');
		if (site->pre.n)
			locate_pre(job, site);
		if (rq_site_changes_nothing(site) && !job->patch_present)
			continue;
		if (rq_hunk_adds(site->hunk) || job->patch_present || !site->pre_at.n)
			locate_post(job, site);
	}
	for (size_t i = 0; i < job->n_sites; i++)
		if (!job->sites[i].pre.n)
			locate_nothing(job, &job->sites[i]);
}

size_t rq_job_open(const struct rq_job *job)
{
	size_t open = 0;

	for (size_t i = 0; i < job->n_sites; i++)
		open += !job->sites[i].settled;
	return open;
}

void rq_job_settle(struct rq_job *job, enum rq_outcome rung)
{
	for (size_t i = 0; i < job->n_sites; i++) {
		struct rq_site *site = &job->sites[i];

		if (site->settled || !site->assigned)
			continue;
		site->settled = true;
		site->rung = rung;
	}
}

void rq_site_drop_runs(struct rq_site *site)
{
	for (size_t i = 0; i < site->runs.n; i++)
		free(site->runs.v[i].made);
	site->runs.n = 0;
}

void rq_job_release(struct rq_job *job)
{
	for (size_t i = 0; i < job->n_sites; i++) {
		struct rq_site *site = &job->sites[i];

		/* Fuzz moves pre.lines behind the context it drops. */
		free(site->pre.lines - site->cut_lead);
		free(site->post.lines);
		rq_vec_release(&site->pre_at);
		rq_vec_release(&site->post_at);
		rq_site_drop_runs(site);
		rq_vec_release(&site->runs);
		rq_reason_free(site->why);
	}
	free(job->sites);
	rq_reason_free(job->whole_why);
	rq_str_release(&job->whole_text);
	*job = (struct rq_job){ 0 };
}

bool rq_versions_of(struct rq_versions *out, const struct rq_job *job)
{
	if (!job->source_before || !job->source_after ||
	    job->source_before->mode == RQ_MODE_NONE)
		return false;
	rq_file_bytes(job->source_before, &out->base);
	rq_file_bytes(job->file, &out->ours);
	rq_file_bytes(job->source_after, &out->theirs);
	return true;
}

int rq_versions_merge(struct rq_str *out, bool *clean, const struct rq_versions *versions,
		      unsigned short marks, struct rq_err *err)
{
	return rq_merge_file(
		&(struct rq_merge){ .base = rq_str_slice(&versions->base),
				    .ours = rq_str_slice(&versions->ours),
				    .theirs = rq_str_slice(&versions->theirs),
				    .base_name = "base",
				    .our_name = "ours",
				    .their_name = "theirs",
				    .marks = marks },
		out, clean, err);
}

void rq_versions_release(struct rq_versions *versions)
{
	rq_str_release(&versions->base);
	rq_str_release(&versions->ours);
	rq_str_release(&versions->theirs);
}

struct rq_file *rq_file_clone(const struct rq_file *file, const char *path)
{
	struct rq_file *copy = rq_xmalloc(sizeof(*copy));

	*copy = *file;
	copy->last = NULL;
	copy->index = NULL;
	copy->openings = NULL;
	copy->path = rq_xstrdup(path);
	copy->lines = rq_xmalloc(file->n_lines * sizeof(*file->lines));
	if (file->n_lines)
		memcpy(copy->lines, file->lines, file->n_lines * sizeof(*file->lines));
	return copy;
}

static void copy_lines(struct rq_file *out, const struct rq_file *from, size_t start,
		       size_t end)
{
	if (end <= start)
		return;
	memcpy(out->lines + out->n_lines, from->lines + start,
	       (end - start) * sizeof(*out->lines));
	out->n_lines += end - start;
}

static size_t most_lines_of(const struct rq_site *site)
{
	size_t n = site->hunk->n_lines;

	for (size_t i = 0; i < site->runs.n; i++)
		n += site->runs.v[i].n_made;
	return n;
}

static size_t most_lines(const struct rq_job *job)
{
	size_t n = job->file->n_lines;

	for (size_t i = 0; i < job->n_sites; i++)
		n += most_lines_of(&job->sites[i]);
	return n;
}

/* Adds what the lines @from to @to of the hunk leave. */
static void add_changed(struct rq_file *out, const struct rq_hunk *hunk, size_t from,
			size_t to)
{
	for (size_t k = from; k < to; k++)
		if (hunk->lines[k].sign != '-')
			out->lines[out->n_lines++] = hunk->lines[k].text;
}

static void add_made(struct rq_file *out, const struct rq_run *run)
{
	for (size_t k = 0; k < run->n_made; k++)
		out->lines[out->n_lines++] = run->made[k];
}

struct rq_file *rq_job_edit(struct rq_job *job, const char *path, enum rq_mode mode)
{
	struct rq_file *out = rq_xcalloc(1, sizeof(*out));
	size_t pos = 0;

	out->path = rq_xstrdup(path);
	out->mode = mode;
	out->touched = true;
	out->lines = rq_xmalloc(most_lines(job) * sizeof(*out->lines));
	for (size_t i = 0; i < job->n_sites; i++) {
		const struct rq_site *site = &job->sites[i];
		const struct rq_hunk *hunk = site->hunk;

		if (site->rung == RQ_PRESENT || site->rung == RQ_ABSENT)
			continue;
		for (size_t k = 0; k < site->runs.n; k++) {
			const struct rq_run *run = &site->runs.v[k];

			copy_lines(out, job->file, pos, run->at);
			if (run->made)
				add_made(out, run);
			else
				add_changed(out, hunk, run->line, run->line + run->n);
			pos = run->at + run->old;
		}
		if (site->runs.n)
			continue;
		copy_lines(out, job->file, pos, site->at + site->pre.lead);
		add_changed(out, hunk, hunk->leading, hunk->n_lines - hunk->trailing);
		pos = site->at + site->pre.n - site->pre.trail;
	}
	copy_lines(out, job->file, pos, job->file->n_lines);
	for (size_t i = 0; i + 1 < out->n_lines; i++) {
		if (out->lines[i].p[out->lines[i].n - 1] != '\n') {
			rq_file_free(out);
			return NULL;
		}
	}
	return out;
}
