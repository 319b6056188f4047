// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ladder: each file of a patch goes from rung to rung until all its hunks are placed.
 * New versions are staged and reach the image only when the whole patch found its place.
 */
#include "apply/apply_internal.h"

#include <stdio.h>
#include <stdlib.h>

static const struct rq_rung *const ladder[] = {
	&rq_rung_present, &rq_rung_exact, &rq_rung_offset, &rq_rung_merged, &rq_rung_fuzz,
};

const char *rq_rung_name(size_t i)
{
	return i < ARRAY_SIZE(ladder) ? ladder[i]->name : NULL;
}

/* One patch on its way. */
struct step {
	struct rq_image *image;
	const struct rq_patch *patch;
	const struct rq_apply_options *options;
	struct rq_entry_record *entry;
	struct rq_source source;
	bool present; /* the whole patch is there */
	rq_vec(struct rq_file *) staged;
	size_t failed;
};

static struct rq_file *find_staged(struct step *step, const char *path)
{
	for (size_t i = step->staged.n; i-- > 0;)
		if (strcmp(step->staged.v[i]->path, path) == 0)
			return step->staged.v[i];
	return NULL;
}

/* The file as the diffs before this one left it. */
static int current(struct step *step, const char *path, struct rq_file **out,
		   struct rq_err *err)
{
	*out = find_staged(step, path);
	return *out ? 0 : rq_image_file(step->image, path, out, err);
}

/* Renames and copies read the file as it was before the whole patch, as git defines them. */
static int origin(struct step *step, const struct rq_filediff *diff, struct rq_file **out,
		  struct rq_err *err)
{
	if (diff->change == RQ_CHANGE_RENAME || diff->change == RQ_CHANGE_COPY)
		return rq_image_file(step->image, diff->old_path, out, err);
	return current(step, diff->old_path ? diff->old_path : diff->new_path, out, err);
}

static struct rq_hunk_record *note(struct step *step, const char *path, long hunk,
				   enum rq_outcome rung)
{
	struct rq_hunk_record *record = rq_vec_push(&step->entry->hunks);

	record->file = rq_xstrdup(path);
	record->hunk = hunk;
	record->rung = rung;
	return record;
}

static void fail(struct step *step, const char *path, const char *why)
{
	struct rq_hunk_record *record = note(step, path, 0, RQ_CONFLICT);

	record->why = rq_xstrdup(why);
	step->failed++;
}

static struct rq_file_change *change(struct step *step, const char *path, struct rq_file *before,
				struct rq_file *after)
{
	struct rq_file_change *c = rq_vec_push(&step->entry->changes);

	c->path = rq_xstrdup(path);
	c->old_mode = before ? before->mode : RQ_MODE_NONE;
	c->new_mode = after ? after->mode : RQ_MODE_NONE;
	if (c->old_mode != RQ_MODE_NONE && before->has_oid)
		c->old_oid = before->oid;
	return c;
}

/* Fresh hunks between two versions; either may be NULL for "not there". */
static int redraw(struct rq_file_change *c, const struct rq_file *before,
		  const struct rq_file *after, struct rq_err *err)
{
	struct rq_str a = { 0 }, b = { 0 };
	int rc;

	if (before)
		rq_file_bytes(before, &a);
	if (after)
		rq_file_bytes(after, &b);
	c->redrawn = true;
	c->binary = memchr(rq_str_slice(&a).p, 0, a.len) || memchr(rq_str_slice(&b).p, 0, b.len);
	rc = rq_diff_hunks(rq_str_slice(&a), rq_str_slice(&b), &c->body, err);
	rq_str_release(&a);
	rq_str_release(&b);
	return rc;
}

static struct rq_file *empty_file(const char *path, enum rq_mode mode)
{
	struct rq_file *file = rq_xcalloc(1, sizeof(*file));

	file->path = rq_xstrdup(path);
	file->mode = mode;
	file->touched = true;
	return file;
}

static void stage(struct step *step, struct rq_file *file)
{
	*rq_vec_push(&step->staged) = file;
}

/* The diff's hunks were all used where they are; the writers may take them as they stand. */
static void keep_hunks(struct rq_file_change *c, const struct rq_filediff *diff, long at)
{
	c->diff = diff;
	for (size_t i = 0; i < diff->n_hunks; i++)
		*rq_vec_push(&c->at) = at;
}

/* What stands in the way of a file at @path: a folder there, or a file where a folder must be. */
static int find_obstacle(struct step *step, const char *path, const char **why, struct rq_err *err)
{
	_cleanup_free_ char *part = rq_xstrdup(path);
	struct rq_file *file;
	int rc = current(step, path, &file, err);

	*why = !rc && file->mode == RQ_MODE_TREE ? "a folder stands there" : NULL;
	for (char *slash = strchr(part, '/'); !rc && slash && !*why; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		rc = current(step, part, &file, err);
		if (!rc && file->mode != RQ_MODE_NONE && file->mode != RQ_MODE_TREE)
			*why = file->mode == RQ_MODE_LINK ? "a symbolic link stands in its path"
							   : "a file stands in its path";
		*slash = '/';
	}
	return rc;
}

static int create(struct step *step, const struct rq_filediff *diff, struct rq_err *err)
{
	struct rq_file *there, *made;
	size_t n = 0;
	int rc = current(step, diff->new_path, &there, err);

	if (rc)
		return rc;
	if (there->mode != RQ_MODE_NONE) {
		if (rq_is_created(there, diff))
			note(step, diff->new_path, 0, RQ_PRESENT)->line = 1;
		else
			fail(step, diff->new_path,
			     "the patch creates it, but it is there already and differs");
		return 0;
	}
	made = empty_file(diff->new_path, diff->new_mode ? diff->new_mode : RQ_MODE_FILE);
	for (size_t i = 0; i < diff->n_hunks; i++)
		n += diff->hunks[i].n_lines;
	made->lines = rq_xmalloc(n * sizeof(*made->lines));
	for (size_t i = 0; i < diff->n_hunks; i++)
		for (size_t k = 0; k < diff->hunks[i].n_lines; k++)
			made->lines[made->n_lines++] = diff->hunks[i].lines[k].text;
	note(step, diff->new_path, diff->n_hunks ? 1 : 0, RQ_EXACT)->line = 1;
	keep_hunks(change(step, diff->new_path, NULL, made), diff, 1);
	stage(step, made);
	return 0;
}

/* Whether the hunks remove the whole file and nothing else. */
static bool removes_all(struct rq_file *file, const struct rq_filediff *diff)
{
	size_t n = 0;

	if (!diff->n_hunks && file->n_lines)
		return rq_index_names(diff->old_index, file);
	for (size_t i = 0; i < diff->n_hunks; i++) {
		const struct rq_hunk *hunk = &diff->hunks[i];

		for (size_t k = 0; k < hunk->n_lines; k++, n++)
			if (n >= file->n_lines || hunk->lines[k].sign != '-' ||
			    !rq_slice_eq(file->lines[n], hunk->lines[k].text))
				return false;
	}
	return n == file->n_lines;
}

static int delete(struct step *step, const struct rq_filediff *diff, struct rq_err *err)
{
	struct rq_file *file;
	int rc = current(step, diff->old_path, &file, err);

	if (rc)
		return rc;
	if (file->mode == RQ_MODE_NONE) {
		note(step, diff->old_path, 0, RQ_PRESENT);
		return 0;
	}
	if (!removes_all(file, diff)) {
		fail(step, diff->old_path, "the patch removes it, but it differs from what the "
					   "patch would take away");
		return 0;
	}
	note(step, diff->old_path, diff->n_hunks ? 1 : 0, RQ_EXACT)->line = 1;
	keep_hunks(change(step, diff->old_path, file, NULL), diff, 1);
	stage(step, empty_file(diff->old_path, RQ_MODE_NONE));
	return 0;
}

static void record_site(struct step *step, const struct rq_job *job, struct rq_site *site,
			const char *path)
{
	struct rq_hunk_record *record;
	long at = (long)site->at + 1 - (long)site->cut_lead;

	record = note(step, path, site - job->sites + 1, site->settled ? site->rung : RQ_CONFLICT);
	if (site->settled && site->rung != RQ_ABSENT) {
		record->line = at;
		record->offset = at - 1 - (long)rq_hunk_stated(site->hunk);
		if (site->rung == RQ_PRESENT)
			record->offset = at - site->hunk->new_start;
		record->fuzz = site->rung == RQ_FUZZ ? (long)(site->cut_lead > site->cut_trail
								      ? site->cut_lead
								      : site->cut_trail)
						     : 0;
		record->doubtful = site->doubtful;
	}
	for (size_t i = 0; site->pre_at.n > 1 && i < site->pre_at.n && i < 64; i++)
		*rq_vec_push(&record->places) = (long)site->pre_at.v[i] + 1;
	if (!site->settled)
		rq_site_explain(job, site);
	if (site->doubtful && !site->why)
		rq_site_say(site, "fits in several places; only the stated line speaks for this one");
	record->why = site->why;
	site->why = NULL;
	step->failed += !site->settled;
}

static void record_whole(struct step *step, const struct rq_job *job, const char *path)
{
	struct rq_hunk_record *record = note(step, path, 0, job->whole_rung);

	if (job->whole_why)
		record->why = rq_xstrdup(job->whole_why);
}

static int climb(struct rq_job *job, struct rq_err *err)
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

static enum rq_mode mode_after(const struct rq_filediff *diff, const struct rq_file *file)
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

static struct rq_file *whole_file(struct rq_job *job, const char *path, enum rq_mode mode)
{
	struct rq_file *file = empty_file(path, mode);

	rq_image_split(job->image, file, &job->whole_text);
	return file;
}

static bool any_fuzz(const struct rq_job *job)
{
	for (size_t i = 0; i < job->n_sites; i++)
		if (job->sites[i].rung == RQ_FUZZ)
			return true;
	return false;
}

/* What the writers need to know of an edit in place. */
static int describe_edit(struct step *step, struct rq_job *job, struct rq_file *after,
			 struct rq_err *err)
{
	struct rq_file_change *c = change(step, after->path, (struct rq_file *)job->file, after);

	if (job->whole || any_fuzz(job) || step->patch->reversed)
		return redraw(c, job->file, after, err);
	c->diff = job->diff;
	for (size_t i = 0; i < job->n_sites; i++) {
		const struct rq_site *site = &job->sites[i];
		bool left_out = site->rung == RQ_PRESENT || site->rung == RQ_ABSENT;

		*rq_vec_push(&c->at) = left_out ? 0 : (long)site->at + 1;
	}
	return 0;
}

/* A rename or copy, for writers that know only files: one taken away, one made. */
static int describe_move(struct step *step, struct rq_job *job, struct rq_file *after,
			 struct rq_err *err)
{
	struct rq_file *file = (struct rq_file *)job->file;
	int rc = 0;

	if (job->diff->change == RQ_CHANGE_RENAME)
		rc = redraw(change(step, file->path, file, NULL), file, NULL, err);
	if (!rc)
		rc = redraw(change(step, after->path, NULL, after), NULL, after, err);
	return rc;
}

static int finish(struct step *step, struct rq_job *job, const char *path, struct rq_err *err)
{
	enum rq_mode mode = mode_after(job->diff, job->file);
	struct rq_file *after;
	bool moves = job->diff->change == RQ_CHANGE_RENAME || job->diff->change == RQ_CHANGE_COPY;

	if (changes_nothing(job, mode, path))
		return 0;
	after = job->whole ? whole_file(job, path, mode) : rq_job_edit(job, path, mode);
	if (!after) {
		fail(step, path, "text would land behind a last line without a newline");
		return 0;
	}
	if (moves && job->diff->change == RQ_CHANGE_RENAME && !find_staged(step, job->file->path))
		stage(step, empty_file(job->file->path, RQ_MODE_NONE));
	stage(step, after);
	return moves ? describe_move(step, job, after, err) : describe_edit(step, job, after, err);
}

/* Places the hunks of @file, which the result will call @path. */
static int edit(struct step *step, const struct rq_filediff *diff, struct rq_file *file,
		const char *path, const char *moved, struct rq_err *err)
{
	size_t index = diff - step->patch->files, before = step->failed;
	struct rq_job job = {
		.image = step->image,
		.diff = diff,
		.file = file,
		.options = step->options,
		.patch_present = step->present,
		.same_blob = rq_index_names(diff->old_index, file),
		.source_before = step->source.usable ? step->source.before[index] : NULL,
		.source_after = step->source.usable ? step->source.after[index] : NULL,
		.whole_why = moved ? rq_xstrdup(moved) : NULL,
	};
	int rc;

	rq_job_survey(&job);
	if (moved)
		rc = rq_rung_merged.try(&job, err) == RQ_FAILED ? err->code : 0;
	else
		rc = climb(&job, err);
	if (!rc && job.whole)
		record_whole(step, &job, path);
	else
		for (size_t i = 0; !rc && i < job.n_sites; i++)
			record_site(step, &job, &job.sites[i], path);
	if (!rc && !job.n_sites && !job.whole)
		note(step, path, 0, changes_nothing(&job, mode_after(diff, file), path) ? RQ_PRESENT : RQ_EXACT);
	if (!rc && step->failed == before)
		rc = finish(step, &job, path, err);
	rq_job_release(&job);
	return rc;
}

/* The target may keep the file under another name; only a merge can follow it there. */
static int edit_moved(struct step *step, const struct rq_filediff *diff, struct rq_err *err)
{
	size_t index = diff - step->patch->files;
	_cleanup_free_ char *path = NULL;
	char moved[512];
	struct rq_file *file;
	int percent = 0, rc = 0;

	if (step->source.usable && step->source.before[index]->mode != RQ_MODE_NONE)
		rc = rq_source_follow(&path, &percent, step->image, step->options->source,
				      step->source.before[index], err);
	if (rc)
		return rc;
	if (!path) {
		fail(step, diff->old_path, "not in this tree");
		return 0;
	}
	rc = current(step, path, &file, err);
	if (rc)
		return rc;
	snprintf(moved, sizeof(moved), "%s is %s here, %d%% alike", diff->old_path, path, percent);
	return edit(step, diff, file, path, moved, err);
}

static bool is_link(unsigned mode)
{
	return mode == RQ_MODE_LINK;
}

static int binary(struct step *step, const struct rq_filediff *diff, struct rq_file *file,
		  struct rq_err *err)
{
	const char *path = diff->new_path ? diff->new_path : diff->old_path;
	struct rq_str base = { 0 }, bytes = { 0 };
	struct rq_file *after;
	struct rq_file_change *c;
	int rc = 0;

	if (file->mode != RQ_MODE_NONE && rq_index_names(diff->new_index, file)) {
		note(step, path, 0, RQ_PRESENT);
		return 0;
	}
	if (diff->change != RQ_CHANGE_CREATE && !rq_index_names(diff->old_index, file)) {
		fail(step, path, "a binary change, made for another version of the file");
		return 0;
	}
	rq_file_bytes(file, &base);
	if (diff->forward.kind == RQ_BINARY_LITERAL)
		rq_str_add_slice(&bytes, rq_str_slice(&diff->forward.data));
	else
		rc = rq_binary_apply_delta(rq_str_slice(&base), rq_str_slice(&diff->forward.data),
					   &bytes, err);
	rq_str_release(&base);
	if (rc) {
		rq_str_release(&bytes);
		return rc;
	}
	after = empty_file(path, diff->change == RQ_CHANGE_DELETE ? RQ_MODE_NONE
				 : file->mode == RQ_MODE_NONE
					 ? (diff->new_mode ? diff->new_mode : RQ_MODE_FILE)
					 : mode_after(diff, file));
	rq_image_split(step->image, after, &bytes);
	note(step, path, 0, RQ_EXACT);
	c = change(step, path, file, after);
	c->binary = true;
	stage(step, after);
	return 0;
}

/* A new name must be free, unless this patch itself takes the file there away. */
static bool is_free(struct step *step, const struct rq_filediff *diff, const struct rq_file *target)
{
	if (target->mode == RQ_MODE_NONE)
		return true;
	for (size_t i = 0; i < step->patch->n_files; i++) {
		const struct rq_filediff *other = &step->patch->files[i];

		if (other != diff && other->old_path && strcmp(other->old_path, target->path) == 0 &&
		    (other->change == RQ_CHANGE_RENAME || other->change == RQ_CHANGE_DELETE))
			return true;
	}
	return false;
}

static int move(struct step *step, const struct rq_filediff *diff, struct rq_file *file,
		struct rq_err *err)
{
	struct rq_file *target;
	int rc = current(step, diff->new_path, &target, err);

	if (rc)
		return rc;
	if (step->present) {
		note(step, diff->new_path, 0, RQ_PRESENT);
		return 0;
	}
	if (file->mode == RQ_MODE_NONE)
		fail(step, diff->old_path, "not in this tree, so it cannot get another name");
	else if (!is_free(step, diff, target))
		fail(step, diff->new_path, "the new name is taken by another file");
	else
		return edit(step, diff, file, diff->new_path, NULL, err);
	return 0;
}

static int place(struct step *step, const struct rq_filediff *diff, struct rq_err *err)
{
	const char *obstacle = NULL;
	struct rq_file *file;
	int rc = origin(step, diff, &file, err);

	if (!rc && diff->change != RQ_CHANGE_EDIT && diff->change != RQ_CHANGE_DELETE)
		rc = find_obstacle(step, diff->new_path, &obstacle, err);
	if (rc)
		return rc;
	if (obstacle) {
		fail(step, diff->new_path, obstacle);
		return 0;
	}
	if (file->mode == RQ_MODE_TREE || file->mode == RQ_MODE_GITLINK) {
		fail(step, file->path, file->mode == RQ_MODE_TREE ? "a folder here, a file in the patch"
								  : "a submodule here, a file in the patch");
		return 0;
	}
	if (diff->binary_differs) {
		fail(step, diff->new_path ? diff->new_path : diff->old_path,
		     "the patch says only that binary files differ");
		return 0;
	}
	if (diff->has_binary)
		return binary(step, diff, file, err);
	switch (diff->change) {
	case RQ_CHANGE_CREATE:
		return create(step, diff, err);
	case RQ_CHANGE_DELETE:
		return delete(step, diff, err);
	case RQ_CHANGE_RENAME:
	case RQ_CHANGE_COPY:
		return move(step, diff, file, err);
	case RQ_CHANGE_EDIT:
		break;
	}
	if (file->mode == RQ_MODE_NONE)
		return edit_moved(step, diff, err);
	if (is_link(file->mode) != is_link(diff->old_mode) && (diff->old_mode || is_link(file->mode))) {
		fail(step, file->path, is_link(file->mode) ? "a symbolic link here, a file in the patch"
							   : "a file here, a symbolic link in the patch");
		return 0;
	}
	return edit(step, diff, file, diff->new_path, NULL, err);
}

/* The least trusted hunk speaks for the entry; hunks that were there already are counted. */
static void conclude(struct step *step)
{
	struct rq_entry_record *entry = step->entry;
	enum rq_outcome worst = RQ_EXACT;
	size_t placed = 0;

	for (size_t i = 0; i < entry->hunks.n; i++) {
		struct rq_hunk_record *hunk = &entry->hunks.v[i];

		if (hunk->rung == RQ_PRESENT) {
			entry->present_hunks++;
			continue;
		}
		placed++;
		worst = rq_outcome_worse(worst, hunk->rung);
		entry->doubtful |= hunk->doubtful;
	}
	if (!placed && entry->hunks.n) {
		worst = RQ_PRESENT;
		entry->present_hunks = 0;
		rq_entry_say(entry, "the branch has it already");
	}
	entry->outcome = worst;
	for (size_t i = 0; i < entry->hunks.n && !entry->message; i++) {
		struct rq_hunk_record *hunk = &entry->hunks.v[i];

		if (!hunk->why || (step->failed && hunk->rung != RQ_CONFLICT))
			continue;
		if (hunk->hunk)
			rq_entry_say(entry, "%s: hunk %ld: %s", hunk->file, hunk->hunk, hunk->why);
		else
			rq_entry_say(entry, "%s: %s", hunk->file, hunk->why);
	}
	if (entry->present_hunks && !entry->message)
		rq_entry_say(entry, "%ld of %zu hunks were there already", entry->present_hunks,
			     entry->hunks.n);
}

int rq_apply(struct rq_image *image, const struct rq_patch *patch,
	     const struct rq_apply_options *options, struct rq_entry_record *entry,
	     struct rq_err *err)
{
	struct step step = { .image = image, .patch = patch, .options = options, .entry = entry };
	int rc = rq_source_step(&step.source, options->source, patch, err);

	if (!rc)
		rc = rq_patch_present(image, patch, &step.present, err);
	for (size_t i = 0; i < patch->n_files && !rc; i++)
		rc = place(&step, &patch->files[i], err);
	for (size_t i = 0; i < step.staged.n; i++) {
		if (rc || step.failed)
			rq_file_free(step.staged.v[i]);
		else
			rq_image_replace(image, step.staged.v[i]);
	}
	rq_vec_release(&step.staged);
	rq_source_release(&step.source);
	if (!rc)
		conclude(&step);
	return rc;
}
