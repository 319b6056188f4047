// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file that the branch does not have: like files, each with what the patch would make of it, and to
 * leave that part of the patch out.
 */
#include "apply/offer_internal.h"

#include <stdlib.h>

#include "util/path.h"

/* Files that are read, and that are offered. */
#define MOST_READ 24
#define MOST_LIKE 3
/* Of the old lines that say something at least one in so many is there. */
#define LEAST_LIKE 3

struct paths {
	const char *wanted;
	struct rq_names same, beside; /* with its base name; in its directory */
};

/* Whether both are the same up to an extension. */
static bool same_stem(const char *a, const char *b)
{
	size_t n = strcspn(a, "."), m = strcspn(b, ".");

	return n && n == m && strncmp(a, b, n) == 0;
}

static void keep_path(const char *path, void *arg)
{
	struct paths *paths = arg;
	const char *wanted = paths->wanted;

	if (same_stem(rq_path_base(path), rq_path_base(wanted)))
		rq_names_add(&paths->same, rq_slice_of(path));
	else if (rq_path_is_beside(path, wanted))
		rq_names_add(&paths->beside, rq_slice_of(path));
}

/* Lines of old text that say something, and how many of them the file has. */
static void count_lines(struct rq_file *file, const struct rq_filediff *diff,
			struct rq_offer *out)
{
	for (size_t i = 0; i < diff->n_hunks; i++)
		for (size_t k = 0; k < diff->hunks[i].n_lines; k++) {
			const struct rq_line *line = &diff->hunks[i].lines[k];

			if (line->sign == '+' || !rq_line_weighs(line->text) ||
			    !rq_file_spend(file, file->n_lines / 8))
				continue;
			out->of++;
			out->count += rq_file_find(file, line->text) > 0;
		}
}

static bool add_edits(struct rq_offer *out, const struct rq_job *job)
{
	size_t end = 0;

	for (size_t i = 0; i < job->n_sites; i++) {
		const struct rq_site *site = &job->sites[i];
		struct rq_offer one = { 0 };
		bool good = site->settled ? rq_site_edit(&one, job, site)
					  : rq_site_first_offer(&one, job, site);

		for (size_t k = 0; k < one.edits.n && good; k++) {
			const struct rq_offer_edit *edit = &one.edits.v[k];

			good = edit->at >= end;
			end = edit->at + edit->old;
			rq_offer_edit(out, edit->at, edit->old,
				      rq_str_slice(&edit->text));
		}
		rq_offer_release(&one);
		if (!good)
			return false;
	}
	return out->edits.n > 0;
}

/* What the diff makes of @path; nothing where some hunk is like nothing there. */
static int try_file(struct rq_step *step, const struct rq_filediff *diff,
		    const char *path, struct rq_offers *out, struct rq_err *err)
{
	const struct rq_apply_options options = { .anchors = true };
	struct rq_offer offer = { .kind = RQ_OFFER_LIKE_FILE };
	struct rq_job job = { .image = step->image, .diff = diff, .options = &options };
	int rc = rq_image_file(step->image, path, &job.file, err);
	bool good;

	if (rc || (job.file->mode != RQ_MODE_FILE && job.file->mode != RQ_MODE_EXEC) ||
	    rq_step_staged(step, path))
		return rc;
	job.file->work = step->explained;
	count_lines(job.file, diff, &offer);
	good = offer.count && offer.count * LEAST_LIKE >= offer.of;
	if (good) {
		rq_job_survey(&job);
		rc = rq_job_climb(&job, err);
		good = !rc && !job.whole && add_edits(&offer, &job) &&
		       !rq_file_is_spent(job.file);
	}
	step->explained = job.file->work;
	rq_job_release(&job);
	if (good) {
		offer.file = rq_xstrdup(path);
		offer.line = (long)offer.edits.v[0].at + 1;
		*rq_vec_push(&out->v) = offer;
		return 0;
	}
	rq_offer_release(&offer);
	return rc;
}

/* The more of its lines there are the better; then by name. */
static int by_likeness(const void *a, const void *b)
{
	const struct rq_offer *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->file, y->file);
}

static int try_all(struct rq_step *step, const struct rq_filediff *diff,
		   const struct rq_names *names, struct rq_offers *out,
		   struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < names->v.n && i < MOST_READ && !rc; i++) {
		if (step->offered++ >= RQ_STEP_LOOKS)
			break;
		rc = try_file(step, diff, names->v.v[i], out, err);
	}
	return rc;
}

static int add_like_files(struct rq_step *step, const struct rq_filediff *diff,
			  struct rq_offers *out, struct rq_err *err)
{
	struct paths paths = { .wanted = diff->old_path };
	int rc;

	if (step->offered++ >= RQ_STEP_LOOKS)
		return 0;
	rc = rq_step_each_near(step, diff->old_path, keep_path, &paths, err);
	rq_names_settle(&paths.same);
	rq_names_settle(&paths.beside);
	if (!rc)
		rc = try_all(step, diff, &paths.same, out, err);
	if (!rc && !out->v.n)
		rc = try_all(step, diff, &paths.beside, out, err);
	rq_names_release(&paths.same);
	rq_names_release(&paths.beside);
	if (out->v.n)
		qsort(out->v.v, out->v.n, sizeof(*out->v.v), by_likeness);
	while (out->v.n > MOST_LIKE)
		rq_offer_release(&out->v.v[--out->v.n]);
	return rc;
}

int rq_step_offer_files(struct rq_step *step, const struct rq_filediff *diff,
			struct rq_hunk_record *record, struct rq_err *err)
{
	struct rq_offers offers = { 0 };
	struct rq_offer *without;
	int rc = 0;

	if (!step->options->offers)
		return 0;
	if (diff->n_hunks && diff->change == RQ_CHANGE_EDIT && !diff->has_binary)
		rc = add_like_files(step, diff, &offers, err);
	for (size_t i = 0; i < offers.v.n && !rc; i++) {
		struct rq_file *file;

		rc = rq_image_file(step->image, offers.v.v[i].file, &file, err);
		if (!rc)
			rq_offer_draw(&offers.v.v[i], file);
	}
	without = rq_vec_push(&offers.v);
	without->kind = RQ_OFFER_WITHOUT;
	without->file = rq_xstrdup(diff->old_path);
	record->offers = offers;
	return rc;
}
