// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a whole patch is in the tree already.  Asked before anything is placed: a preimage
 * that fits again right after the patch was applied must not apply it twice.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>

bool rq_hunk_says_something(const struct rq_hunk *hunk)
{
	for (size_t i = 0; i < hunk->n_lines; i++)
		if (hunk->lines[i].sign == '+' && rq_slice_has_word(hunk->lines[i].text))
			return true;
	return false;
}

bool rq_post_may_stand(const struct rq_hunk *hunk, size_t at)
{
	return hunk->leading + hunk->trailing > 0 ||
	       (hunk->new_start > 0 && at + 1 == (size_t)hunk->new_start);
}

bool rq_is_created(const struct rq_file *file, const struct rq_filediff *diff)
{
	size_t n = 0;

	if (file->mode == RQ_MODE_NONE ||
	    (diff->new_mode && diff->new_mode != file->mode))
		return false;
	for (size_t i = 0; i < diff->n_hunks; i++) {
		const struct rq_hunk *hunk = &diff->hunks[i];

		for (size_t k = 0; k < hunk->n_lines; k++, n++)
			if (n >= file->n_lines ||
			    !rq_slice_eq(file->lines[n], hunk->lines[k].text))
				return false;
	}
	return n == file->n_lines;
}

bool rq_index_names(struct rq_slice hex, struct rq_file *file)
{
	char full[RQ_OID_HEX + 1];

	if (hex.n < 7 || hex.n > RQ_OID_HEX || file->mode == RQ_MODE_NONE)
		return false;
	return memcmp(rq_oid_hex(full, rq_file_oid(file)), hex.p, hex.n) == 0;
}

/*
 * In the function that the hunk names, if there is one of that name; or at its very line, where
 * the patch itself may have brought another function in front of it.
 */
static bool in_its_function(struct rq_file *file, const struct rq_filediff *diff,
			    const struct rq_hunk *hunk, size_t at)
{
	struct rq_evidence evidence;

	if (at + 1 == (size_t)hunk->new_start)
		return true;
	rq_evidence_of(&evidence, file, diff, hunk, '+', at);
	return evidence.speaks != RQ_SPEAKS_AGAINST || !evidence.meant;
}

bool rq_hunk_there(struct rq_file *file, const struct rq_filediff *diff,
		   const struct rq_hunk *hunk, size_t *from, size_t *at)
{
	struct rq_image_text post = { 0 };
	rq_places places = { 0 };
	bool there = false;

	rq_hunk_text(&post, hunk, '+');
	rq_locate(file, &post, hunk, false, &places);
	for (size_t i = 0; i < places.n && !there; i++) {
		there = places.v[i] >= *from && rq_post_may_stand(hunk, places.v[i]) &&
			in_its_function(file, diff, hunk, places.v[i]);
		if (!there)
			continue;
		*at = places.v[i];
		*from = *at + post.n - post.trail;
	}
	rq_vec_release(&places);
	free(post.lines);
	return there;
}

static bool hunks_there(struct rq_file *file, const struct rq_filediff *diff,
			size_t *work)
{
	size_t from = 0, at;
	bool there = true;

	file->work = *work;
	for (size_t i = 0; there && i < diff->n_hunks; i++)
		there = rq_hunk_there(file, diff, &diff->hunks[i], &from, &at);
	*work = file->work;
	return there && !rq_file_is_spent(file);
}

bool rq_diff_present(struct rq_file *old, struct rq_file *now,
		     const struct rq_filediff *diff, size_t *work)
{
	if (diff->change == RQ_CHANGE_DELETE)
		return old->mode == RQ_MODE_NONE;
	if (now->mode == RQ_MODE_NONE || diff->binary_differs)
		return false;
	if (diff->change == RQ_CHANGE_RENAME && old->mode != RQ_MODE_NONE)
		return false;
	if (diff->has_binary)
		return rq_index_names(diff->new_index, now);
	if (diff->change == RQ_CHANGE_CREATE)
		return rq_is_created(now, diff);
	if (diff->new_mode && diff->new_mode != diff->old_mode &&
	    diff->new_mode != now->mode)
		return false;
	if (diff->change == RQ_CHANGE_COPY && !diff->n_hunks)
		return old->mode != RQ_MODE_NONE &&
		       rq_oid_eq(rq_file_oid(old), rq_file_oid(now));
	return hunks_there(now, diff, work);
}

/* An edit says something by a line it adds; any other change by itself. */
static bool diff_says_something(const struct rq_filediff *diff)
{
	if (diff->change != RQ_CHANGE_EDIT || diff->has_binary || !diff->n_hunks)
		return true;
	for (size_t i = 0; i < diff->n_hunks; i++)
		if (rq_hunk_says_something(&diff->hunks[i]))
			return true;
	return false;
}

int rq_patch_present_within(struct rq_image *image, const struct rq_patch *patch,
			    size_t *work, bool *present, struct rq_err *err)
{
	bool says = false;

	*present = false;
	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];
		const char *old_path = rq_filediff_old_path(diff);
		const char *new_path = rq_filediff_path(diff);
		struct rq_file *old, *now;
		int rc = rq_image_file(image, old_path, &old, err);

		if (!rc)
			rc = rq_image_file(image, new_path, &now, err);
		if (rc)
			return rc;
		if (!rq_diff_present(old, now, diff, work))
			return 0;
		says |= diff_says_something(diff);
	}
	*present = says;
	return 0;
}

int rq_patch_present(struct rq_image *image, const struct rq_patch *patch, bool *present,
		     struct rq_err *err)
{
	size_t work = 0;

	return rq_patch_present_within(image, patch, &work, present, err);
}
