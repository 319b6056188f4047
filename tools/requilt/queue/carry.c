// SPDX-License-Identifier: GPL-2.0-only
/*
 * A resolution of an earlier version of a patch, carried to the later one.  It is tried on a copy of the
 * files, and decides nothing: what comes out is a resolution like any other, or a text for a hand.
 */
#include "queue/queue_internal.h"

#include <stdlib.h>

/* The image that a copy is made of; the bytes live as long as the copy. */
struct copying {
	struct rq_image *of;
	rq_vec(struct rq_str) kept;
};

static int copy_path(void *ctx, const char *path, struct rq_slice *bytes,
		     enum rq_mode *mode, struct rq_oid *oid, struct rq_err *err)
{
	struct copying *copy = ctx;
	struct rq_file *file;
	int rc = rq_image_file(copy->of, path, &file, err);
	struct rq_str *kept;

	if (rc)
		return rc;
	kept = rq_vec_push(&copy->kept);
	rq_file_bytes(file, kept);
	*bytes = rq_str_slice(kept);
	*mode = file->mode;
	*oid = file->mode == RQ_MODE_NONE ? (struct rq_oid){ 0 } : *rq_file_oid(file);
	return 0;
}

static struct rq_image *copy_new(struct copying *copy, struct rq_image *of)
{
	const struct rq_reader reader = { .path = copy_path, .ctx = copy };

	copy->of = of;
	return rq_image_new(&reader);
}

static void copy_free(struct copying *copy, struct rq_image *image)
{
	rq_image_free(image);
	for (size_t i = 0; i < copy->kept.n; i++)
		rq_str_release(&copy->kept.v[i]);
	rq_vec_release(&copy->kept);
}

/*
 * @patch may be NULL: then it fits.  With @makes it must do all of it: what is there already was not made
 * by what is taken back.
 */
static int fits(bool *fits, struct rq_image *image, const struct rq_patch *patch,
		bool makes, struct rq_err *err)
{
	const struct rq_apply_options certain = { .certain = true };
	struct rq_entry_record tried = { 0 };
	int rc = patch ? rq_apply(image, patch, &certain, &tried, err) : 0;

	*fits = !rc && (!patch || rq_outcome_colour(tried.outcome) != RQ_RED);
	if (makes && (tried.outcome == RQ_PRESENT || tried.present_hunks))
		*fits = false;
	rq_entry_release(&tried);
	return rc;
}

struct collecting {
	struct rq_resolution *to;
	struct rq_err *err;
};

static int collect_file(struct rq_file *file, void *ctx)
{
	const struct collecting *c = ctx;
	_cleanup_(rq_str_release) struct rq_str now = { 0 };

	rq_file_bytes(file, &now);
	return rq_resolution_add(c->to, file->path, file->read_mode, file->read,
				 file->mode, rq_str_slice(&now), c->err);
}

/* What the copy became, with the words of the resolution that it is made from. */
static int make_patch(struct rq_patch **out, struct rq_image *copy,
		      const struct rq_item *item, const struct rq_resolution *of,
		      struct rq_err *err)
{
	struct rq_resolution carried = { .path = of->path,
					 .who = of->who,
					 .note = of->note,
					 .signed_off = of->signed_off };
	struct collecting c = { .to = &carried, .err = err };
	int rc = rq_image_each_touched(copy, collect_file, &c);

	if (!rc && carried.diff.len)
		rc = rq_resolution_patch(out, &carried, item->patch, err);
	rq_str_release(&carried.diff);
	return rc;
}

static bool is_of(const struct rq_hunk_record *record, const struct rq_revised *one)
{
	const struct rq_filediff *file = one->was_file;
	const char *path = rq_filediff_old_path(file);

	if (strcmp(record->file, path) != 0)
		return false;
	return one->was ? record->hunk == one->was - file->hunks + 1 : !one->now;
}

/*
 * Whether a hand settled a hunk that is another now: it had no place of its own.  What the hand would
 * make of the new one only that hand can say.
 */
static int by_hand(bool *by_hand, struct rq_image *image, const struct rq_replay *replay,
		   struct rq_err *err)
{
	const struct rq_apply_options plain = { 0 };
	struct rq_entry_record tried = { 0 };
	struct copying copying = { 0 };
	struct rq_image *copy = copy_new(&copying, image);
	int rc = rq_apply(copy, replay->was, &plain, &tried, err);

	*by_hand = false;
	for (size_t i = 0; i < replay->revision.v.n && !rc; i++) {
		const struct rq_revised *one = &replay->revision.v.v[i];

		for (size_t k = 0; k < tried.hunks.n && one->was_file; k++)
			*by_hand |= tried.hunks.v[k].rung == RQ_CONFLICT &&
				    is_of(&tried.hunks.v[k], one);
	}
	rq_entry_release(&tried);
	copy_free(&copying, copy);
	return rc;
}

int rq_carry(struct rq_patch **out, struct rq_image *image, const struct rq_item *item,
	     const struct rq_replay *replay, struct rq_err *err)
{
	const struct rq_patch *const steps[] = { replay->patch, replay->back,
						 replay->forth };
	struct copying copying = { 0 };
	struct rq_image *copy;
	bool good, by_hand_once = false;
	int rc = replay->carries ? by_hand(&by_hand_once, image, replay, err) : 0;

	*out = NULL;
	good = replay->carries && !by_hand_once;
	if (rc || !good)
		return rc;
	copy = copy_new(&copying, image);
	for (size_t i = 0; i < ARRAY_SIZE(steps) && good && !rc; i++)
		rc = fits(&good, copy, steps[i], steps[i] == replay->back, err);
	if (!rc && good)
		rc = make_patch(out, copy, item, replay->of, err);
	copy_free(&copying, copy);
	return rc;
}

/* --- for a hand --- */

static int add_touched(struct rq_file *file, void *ctx)
{
	struct rq_marked *to = rq_vec_push(&((struct rq_marked_files *)ctx)->v);

	to->path = rq_xstrdup(file->path);
	to->mode = file->mode;
	rq_file_bytes(file, &to->text);
	return 0;
}

/* The files of @copy, which it may change, with @patch: applied where all of it has a place, else marked. */
static int apply_or_mark(struct rq_marked_files *out, struct rq_image *copy,
			 const struct rq_patch *patch,
			 const struct rq_mark_options *options, struct rq_err *err)
{
	const struct rq_apply_options plain = { 0 };
	struct rq_entry_record tried = { 0 };
	int rc = rq_apply(copy, patch, &plain, &tried, err);
	bool red = rq_outcome_colour(tried.outcome) == RQ_RED;

	rq_entry_release(&tried);
	if (rc)
		return rc;
	return red ? rq_image_mark(out, copy, patch, options, err)
		   : rq_image_each_touched(copy, add_touched, out);
}

/* An image where the files that were marked are as they were marked. */
struct marked_reading {
	struct copying copy;
	const struct rq_marked_files *files;
};

static int marked_path(void *ctx, const char *path, struct rq_slice *bytes,
		       enum rq_mode *mode, struct rq_oid *oid, struct rq_err *err)
{
	struct marked_reading *reading = ctx;
	const struct rq_marked *marked = rq_marked_files_find(reading->files, path);

	if (!marked)
		return copy_path(&reading->copy, path, bytes, mode, oid, err);
	*bytes = rq_str_slice(&marked->text);
	*mode = marked->mode;
	rq_oid_of(oid, RQ_OBJ_BLOB, bytes->p, bytes->n);
	return 0;
}

/*
 * A file that has markers and is another in the later version would get markers among markers: what the
 * later version leaves there by itself is clearer.
 */
static void leave_out(struct rq_names *left, struct rq_marked_files *out,
		      const struct rq_revision *revision)
{
	size_t kept = 0;

	for (size_t i = 0; i < out->v.n; i++) {
		struct rq_marked *one = &out->v.v[i];

		if (!one->marks || rq_revision_keeps(revision, one->path)) {
			out->v.v[kept++] = *one;
			continue;
		}
		rq_names_add(left, rq_slice_of(one->path));
		rq_str_release(&one->text);
		free(one->path);
	}
	out->v.n = kept;
}

static void take_marked(struct rq_marked_files *out, struct rq_marked_files *later,
			const struct rq_names *left)
{
	for (size_t i = 0; i < later->v.n; i++) {
		struct rq_marked *one = &later->v.v[i], *have;

		if (rq_names_have(left, rq_slice_of(one->path)))
			continue;
		have = rq_marked_files_find(out, one->path);
		if (!have)
			have = rq_vec_push(&out->v);
		rq_str_release(&have->text);
		free(have->path);
		*have = *one;
		*one = (struct rq_marked){ 0 };
	}
}

/* What is another in the later version, in the files as @out has them. */
static int mark_revision(struct rq_marked_files *out, struct rq_image *image,
			 const struct rq_replay *replay, struct rq_mark_options *options,
			 struct rq_err *err)
{
	struct marked_reading reading = { .copy = { .of = image }, .files = out };
	const struct rq_reader reader = { .path = marked_path, .ctx = &reading };
	_cleanup_(rq_patch_freep) struct rq_patch *step = NULL;
	struct rq_marked_files later = { 0 };
	struct rq_names left = { 0 };
	struct rq_image *copy;
	int rc = rq_revision_merge(&step, &replay->revision, err);

	if (rc || !step)
		return rc;
	options->base_name = "the patch before";
	options->our_name = "its resolution";
	options->their_name = "the patch now";
	leave_out(&left, out, &replay->revision);
	copy = rq_image_new(&reader);
	rc = apply_or_mark(&later, copy, step, options, err);
	if (!rc)
		take_marked(out, &later, &left);
	rq_names_release(&left);
	rq_marked_files_release(&later);
	copy_free(&reading.copy, copy);
	return rc;
}

int rq_carry_marked(struct rq_marked_files *out, struct rq_image *image,
		    const struct rq_replay *replay, const char *branch,
		    struct rq_err *err)
{
	struct rq_mark_options options = { .our_name = branch,
					   .their_name = replay->of->path,
					   .base_name = "what was resolved",
					   .merges = true };
	struct copying copying = { 0 };
	struct rq_image *copy = copy_new(&copying, image);
	int rc = apply_or_mark(out, copy, replay->patch, &options, err);

	copy_free(&copying, copy);
	return rc ? rc : mark_revision(out, image, replay, &options, err);
}
