// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ladder: the hunks of one file go from rung to rung until all are placed, then the new
 * version is staged.
 */
#include "apply/offer_internal.h"

#include <stdlib.h>

/* A new version of a file costs what a comparison of one line in so many does. */
#define COPIED 8
/* Of hunks without a place so many are shown beside the branch's text. */
#define MOST_BESIDE 100

static const struct rq_rung *const ladder[] = {
	&rq_rung_present, &rq_rung_exact,    &rq_rung_offset, &rq_rung_merged,
	&rq_rung_fuzz,	  &rq_rung_anchored, &rq_rung_words,
};

/* Whether a source tree may place the hunk, and what its index line says of that tree. */
static void note_source(const struct rq_step *step, struct rq_hunk_record *record,
			const struct rq_filediff *diff)
{
	struct rq_slice blob = diff->old_index;

	record->wants_source =
		!step->options->source && rq_reason_wants_source(record->why->code);
	if (record->wants_source && blob.n && strspn(blob.p, "0") < blob.n)
		record->blob = rq_xstrndup(blob.p, blob.n < 12 ? blob.n : 12);
}

static void record_site(struct rq_step *step, const struct rq_job *job,
			struct rq_site *site, const char *path)
{
	struct rq_hunk_record *record;
	long at = (long)site->at + 1 - (long)site->cut_lead;

	record = rq_step_note(step, path, site - job->sites + 1,
			      site->settled ? site->rung : RQ_CONFLICT);
	if (site->settled && site->rung != RQ_ABSENT) {
		record->line = at;
		record->offset = at - 1 - (long)rq_hunk_stated(site->hunk);
		if (site->rung == RQ_PRESENT)
			record->offset = at - site->hunk->new_start;
		record->fuzz = site->rung == RQ_FUZZ
				       ? (long)(site->cut_lead > site->cut_trail
							? site->cut_lead
							: site->cut_trail)
				       : 0;
		record->doubtful = site->doubtful;
		record->by_line = site->by_line && !site->why;
	}
	for (size_t i = 0; site->pre_at.n > 1 && i < site->pre_at.n && i < 64; i++)
		*rq_vec_push(&record->places) = (long)site->pre_at.v[i] + 1;
	if (!site->settled)
		rq_site_explain(job, site,
				step->failed < MOST_BESIDE ? &record->beside : NULL);
	if (site->doubtful && !site->why)
		rq_site_say(site, RQ_REASON_BY_LINE);
	rq_site_offer(step, job, site, record);
	record->why = site->why;
	site->why = NULL;
	if (!site->settled)
		note_source(step, record, job->diff);
	step->failed += !site->settled;
}

/* What is compared for a message counts for messages only. */
static void record_sites(struct rq_step *step, const struct rq_job *job, const char *path)
{
	job->file->work = step->explained;
	for (size_t i = 0; i < job->n_sites; i++)
		record_site(step, job, &job->sites[i], path);
	step->explained = job->file->work;
}

int rq_job_climb(struct rq_job *job, struct rq_err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(ladder); i++) {
		enum rq_answer answer = ladder[i]->try(job, err);

		if (answer == RQ_FAILED)
			return err->code;
		if (answer == RQ_DONE)
			break;
	}
	return 0;
}

enum rq_mode rq_mode_after(const struct rq_filediff *diff, const struct rq_file *file)
{
	if (diff->new_mode && diff->new_mode != diff->old_mode)
		return (enum rq_mode)diff->new_mode;
	return file->mode;
}

static bool changes_nothing(const struct rq_job *job, enum rq_mode mode, const char *path)
{
	if (mode != job->file->mode || strcmp(path, job->file->path) != 0)
		return false;
	if (job->whole)
		return job->whole_rung == RQ_PRESENT;
	for (size_t i = 0; i < job->n_sites; i++)
		if (job->sites[i].rung != RQ_PRESENT && job->sites[i].rung != RQ_ABSENT)
			return false;
	return true;
}

/* Nothing but its likeness vouches for a file of another name: the file as a whole is in doubt. */
static void record_moved(struct rq_step *step, struct rq_job *job, const char *path,
			 struct rq_reason *moved)
{
	bool there = changes_nothing(job, rq_mode_after(job->diff, job->file), path);
	struct rq_hunk_record *record =
		rq_step_note(step, path, 0, there ? RQ_PRESENT : RQ_EXACT);

	record->doubtful = true;
	record->why = moved;
}

static void record_whole(struct rq_step *step, struct rq_job *job, const char *path)
{
	struct rq_hunk_record *record = rq_step_note(step, path, 0, job->whole_rung);

	record->why = job->whole_why;
	job->whole_why = NULL;
	rq_whole_offer(step, job, record);
}

static void record_placed(struct rq_step *step, struct rq_job *job, const char *path,
			  struct rq_reason *moved)
{
	if (moved)
		record_moved(step, job, path, moved);
	if (job->whole)
		record_whole(step, job, path);
	else
		record_sites(step, job, path);
}

static struct rq_file *whole_file(struct rq_job *job, const char *path, enum rq_mode mode)
{
	struct rq_file *file = rq_file_new(path, mode);

	rq_image_split(job->image, file, &job->whole_text);
	return file;
}

/* Whether a hunk's context is not the file's. */
static bool any_other_context(const struct rq_job *job)
{
	for (size_t i = 0; i < job->n_sites; i++)
		if (job->sites[i].rung == RQ_FUZZ || job->sites[i].runs.n)
			return true;
	return false;
}

/* Whether two hunks stand so close that one's context is the other's: writers join them. */
static bool shares_context(const struct rq_job *job)
{
	size_t end = 0;

	for (size_t i = 0; i < job->n_sites; i++) {
		const struct rq_site *site = &job->sites[i];

		if (site->rung == RQ_PRESENT || site->rung == RQ_ABSENT)
			continue;
		if (site->at < end)
			return true;
		end = site->at + site->pre.n;
	}
	return false;
}

/*
 * Whether a hunk with less context behind than in front stands before the end of the file: patch(1)
 * would look for it at the end only.
 */
static bool misread_as_end(const struct rq_job *job)
{
	for (size_t i = 0; i < job->n_sites; i++) {
		const struct rq_site *site = &job->sites[i];

		if (site->rung != RQ_PRESENT && site->rung != RQ_ABSENT &&
		    rq_hunk_ends_file(site->hunk) &&
		    site->at + site->pre.n != job->file->n_lines)
			return true;
	}
	return false;
}

/* What the writers need to know of an edit in place. */
static int describe_edit(struct rq_step *step, struct rq_job *job, struct rq_file *after,
			 struct rq_err *err)
{
	struct rq_file_change *c =
		rq_step_change(step, after->path, (struct rq_file *)job->file, after);

	c->followed = strcmp(after->path, job->diff->new_path) ? job->diff : NULL;
	if (job->whole || any_other_context(job) || shares_context(job) || c->followed ||
	    misread_as_end(job) || step->patch->reversed)
		return rq_change_redraw(c, job->file, after, err);
	c->diff = job->diff;
	for (size_t i = 0; i < job->n_sites; i++) {
		const struct rq_site *site = &job->sites[i];
		bool left_out = site->rung == RQ_PRESENT || site->rung == RQ_ABSENT;

		*rq_vec_push(&c->at) = left_out ? 0 : (long)site->at + 1;
	}
	return 0;
}

/* A rename or copy, for writers that know only files: one taken away, one made. */
static int describe_move(struct rq_step *step, struct rq_job *job, struct rq_file *after,
			 struct rq_err *err)
{
	struct rq_file *file = (struct rq_file *)job->file;
	int rc = 0;

	if (job->diff->change == RQ_CHANGE_RENAME)
		rc = rq_change_redraw(rq_step_change(step, file->path, file, NULL), file,
				      NULL, err);
	if (!rc)
		rc = rq_change_redraw(rq_step_change(step, after->path, NULL, after),
				      NULL, after, err);
	return rc;
}

static int finish(struct rq_step *step, struct rq_job *job, const char *path,
		  struct rq_err *err)
{
	enum rq_mode mode = rq_mode_after(job->diff, job->file);
	struct rq_file *after;
	bool moves = job->diff->change == RQ_CHANGE_RENAME ||
		     job->diff->change == RQ_CHANGE_COPY;

	if (changes_nothing(job, mode, path))
		return 0;
	if (mode != job->file->mode && job->n_sites &&
	    changes_nothing(job, job->file->mode, path))
		rq_step_note(step, path, 0, RQ_EXACT);
	after = job->whole ? whole_file(job, path, mode) : rq_job_edit(job, path, mode);
	if (!after) {
		rq_step_fail(step, path, RQ_REASON_NO_NEWLINE);
		return 0;
	}
	if (moves && job->diff->change == RQ_CHANGE_RENAME &&
	    !rq_step_staged(step, job->file->path))
		rq_step_stage(step, rq_file_new(job->file->path, RQ_MODE_NONE));
	rq_step_stage(step, after);
	return moves ? describe_move(step, job, after, err)
		     : describe_edit(step, job, after, err);
}

/* Places the hunks of @file, which the result will call @path. */
int rq_step_edit(struct rq_step *step, const struct rq_filediff *diff,
		 struct rq_file *file, const char *path, struct rq_reason *moved,
		 struct rq_err *err)
{
	size_t index = diff - step->patch->files, before = step->failed;
	bool again = rq_step_staged(step, file->path) == file;
	struct rq_job job = {
		.image = step->image,
		.diff = diff,
		.file = file,
		.options = step->options,
		.patch_present = step->present,
		.only_file = step->patch->n_files == 1,
		.source_before = step->source.usable ? step->source.before[index] : NULL,
		.source_after = step->source.usable ? step->source.after[index] : NULL,
	};
	int rc = 0;

	file->work = step->work;
	if (again)
		rq_file_spend(file, file->n_lines / COPIED);
	rq_job_survey(&job);
	if (moved)
		rc = rq_rung_merged.try(&job, err) == RQ_FAILED ? err->code : 0;
	if (job.whole)
		job.whole_why = TAKE_PTR(moved);
	else if (!rc)
		rc = rq_job_climb(&job, err);
	if (!rc && !job.whole && !rq_job_open(&job)) {
		rq_job_doubt(&job);
		rq_job_doubt_repeats(&job);
	}
	step->work = file->work;
	if (!rc && rq_file_is_spent(file))
		rq_step_fail(step, path, RQ_REASON_TOO_ALIKE);
	else if (!rc)
		record_placed(step, &job, path, TAKE_PTR(moved));
	if (!rc && !job.n_sites && !job.whole && step->failed == before)
		rq_step_note(step, path, 0,
			     changes_nothing(&job, rq_mode_after(diff, file), path)
				     ? RQ_PRESENT
				     : RQ_EXACT);
	if (!rc && step->failed == before)
		rc = finish(step, &job, path, err);
	rq_reason_free(moved);
	rq_job_release(&job);
	if (again && rq_step_staged(step, file->path) != file)
		rq_file_drop_lines(file);
	return rc;
}

static void refuse_moved(struct rq_step *step, const struct rq_filediff *diff,
			 struct rq_followed *followed)
{
	struct rq_hunk_record *record;

	rq_step_fail(step, diff->old_path, RQ_REASON_NOT_HERE);
	record = &step->entry->hunks.v[step->entry->hunks.n - 1];
	record->why->files = followed->like;
	followed->like = (struct rq_names){ 0 };
}

int rq_step_edit_moved(struct rq_step *step, const struct rq_filediff *diff,
		       struct rq_err *err)
{
	_cleanup_(rq_followed_release) struct rq_followed followed = { 0 };
	size_t index = diff - step->patch->files;
	const struct rq_file *before = NULL;
	struct rq_reason moved;
	struct rq_file *file;
	int rc = 0;

	if (step->source.usable && step->source.before[index]->mode != RQ_MODE_NONE)
		before = step->source.before[index];
	if (before || step->options->anchors)
		rc = rq_follow(&followed, step, diff, before, err);
	if (rc)
		return rc;
	if (!followed.path) {
		refuse_moved(step, diff, &followed);
		return rq_step_offer_files(
			step, diff, &step->entry->hunks.v[step->entry->hunks.n - 1], err);
	}
	rc = rq_step_file(step, followed.path, &file, err);
	if (rc)
		return rc;
	moved = (struct rq_reason){ .code = RQ_REASON_MOVED,
				    .name = rq_xstrdup(diff->old_path),
				    .around = rq_xstrdup(followed.path),
				    .count = followed.of ? followed.count
							 : followed.percent,
				    .of = followed.of };
	return rq_step_edit(step, diff, file, followed.path, rq_reason_new(&moved), err);
}
