// SPDX-License-Identifier: GPL-2.0-only
/*
 * One patch onto the image.  New versions are staged and reach the image only when every file
 * of the patch found its place.
 */
#include "apply/step_internal.h"

#include <stdlib.h>

/* Renames and copies read the file as it was before the whole patch, as git defines them. */
static int origin(struct rq_step *step, const struct rq_filediff *diff,
		  struct rq_file **out, struct rq_err *err)
{
	if (diff->change == RQ_CHANGE_RENAME || diff->change == RQ_CHANGE_COPY)
		return rq_image_file(step->image, diff->old_path, out, err);
	return rq_step_file(step, rq_filediff_old_path(diff), out, err);
}

/* What stands in the way of a file at @path: a folder there, or a file where a folder must be. */
static int find_obstacle(struct rq_step *step, const char *path, enum rq_reason_code *why,
			 struct rq_err *err)
{
	_cleanup_free_ char *part = rq_xstrdup(path);
	struct rq_file *file;
	int rc = rq_step_file(step, path, &file, err);

	*why = !rc && file->mode == RQ_MODE_TREE ? RQ_REASON_FOLDER_THERE
						 : RQ_REASON_NONE;
	for (char *slash = strchr(part, '/'); !rc && slash && !*why;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		rc = rq_step_file(step, part, &file, err);
		if (!rc && file->mode != RQ_MODE_NONE && file->mode != RQ_MODE_TREE)
			*why = file->mode == RQ_MODE_LINK ? RQ_REASON_LINK_IN_PATH
							  : RQ_REASON_FILE_IN_PATH;
		*slash = '/';
	}
	return rc;
}

static bool is_link(unsigned mode)
{
	return mode == RQ_MODE_LINK;
}

/* A link is no file: its text must not be edited or taken away as one. */
static bool kind_differs(const struct rq_filediff *diff, const struct rq_file *file)
{
	if (diff->change == RQ_CHANGE_CREATE || file->mode == RQ_MODE_NONE)
		return false;
	return is_link(file->mode) != is_link(diff->old_mode) &&
	       (diff->old_mode || is_link(file->mode));
}

/* The files that the patch takes away from their names, whatever it puts there. */
static void find_given_up(struct rq_step *step)
{
	for (size_t i = 0; i < step->patch->n_files; i++) {
		const struct rq_filediff *diff = &step->patch->files[i];

		if (diff->change == RQ_CHANGE_DELETE ||
		    (diff->change == RQ_CHANGE_RENAME &&
		     strcmp(diff->old_path, diff->new_path) != 0))
			rq_map_put(&step->given_up, diff->old_path, diff);
	}
}

/* A new name must be free, unless this patch itself takes the file there away. */
static bool is_free(struct rq_step *step, const struct rq_file *target)
{
	return target->mode == RQ_MODE_NONE || rq_map_get(&step->given_up, target->path);
}

static int move(struct rq_step *step, const struct rq_filediff *diff,
		struct rq_file *file, struct rq_err *err)
{
	struct rq_file *target;
	int rc = rq_step_file(step, diff->new_path, &target, err);

	if (rc)
		return rc;
	if (step->present || (!rq_step_staged(step, file->path) &&
			      rq_diff_present(file, target, diff, &step->work))) {
		rq_doubt_moved(rq_step_note(step, diff->new_path, 0, RQ_PRESENT), target,
			       diff);
		return 0;
	}
	if (file->mode == RQ_MODE_NONE)
		rq_step_fail(step, diff->old_path, RQ_REASON_NOT_HERE_TO_MOVE);
	else if (!is_free(step, target))
		rq_step_fail(step, diff->new_path, RQ_REASON_NAME_TAKEN);
	else
		return rq_step_edit(step, diff, file, diff->new_path, NULL, err);
	return 0;
}

/* Below a link the file may well be there: nobody looks for it elsewhere. */
static int place_missing(struct rq_step *step, const struct rq_filediff *diff,
			 struct rq_err *err)
{
	enum rq_reason_code obstacle;
	int rc = find_obstacle(step, diff->old_path, &obstacle, err);

	if (rc || !obstacle)
		return rc ? rc : rq_step_edit_moved(step, diff, err);
	rq_step_fail(step, diff->old_path, RQ_REASON_NOT_HERE);
	return 0;
}

static int place(struct rq_step *step, const struct rq_filediff *diff, struct rq_err *err)
{
	enum rq_reason_code obstacle = RQ_REASON_NONE;
	struct rq_file *file;
	int rc = origin(step, diff, &file, err);

	if (!rc && diff->change != RQ_CHANGE_EDIT && diff->change != RQ_CHANGE_DELETE)
		rc = find_obstacle(step, diff->new_path, &obstacle, err);
	if (rc)
		return rc;
	if (!obstacle && kind_differs(diff, file))
		obstacle =
			is_link(file->mode) ? RQ_REASON_LINK_HERE : RQ_REASON_FILE_HERE;
	if (!obstacle && diff->new_mode == RQ_MODE_GITLINK)
		obstacle = RQ_REASON_SUBMODULE_IN_PATCH;
	if (obstacle) {
		rq_step_fail(step, rq_filediff_path(diff), obstacle);
		return 0;
	}
	if (file->mode == RQ_MODE_TREE || file->mode == RQ_MODE_GITLINK) {
		rq_step_fail(step, file->path,
			     file->mode == RQ_MODE_TREE ? RQ_REASON_FOLDER_HERE
							: RQ_REASON_SUBMODULE_HERE);
		return 0;
	}
	if (diff->binary_differs) {
		rq_step_fail(step, rq_filediff_path(diff), RQ_REASON_BINARY_UNKNOWN);
		return 0;
	}
	if (diff->has_binary)
		return rq_step_binary(step, diff, file, err);
	switch (diff->change) {
	case RQ_CHANGE_CREATE:
		return rq_step_create(step, diff, err);
	case RQ_CHANGE_DELETE:
		return rq_step_delete(step, diff, err);
	case RQ_CHANGE_RENAME:
	case RQ_CHANGE_COPY:
		return move(step, diff, file, err);
	case RQ_CHANGE_EDIT:
		break;
	}
	if (file->mode == RQ_MODE_NONE)
		return place_missing(step, diff, err);
	return rq_step_edit(step, diff, file, diff->new_path, NULL, err);
}

/* Which hunks were left out since they were there. */
static void say_present(struct rq_entry_record *entry)
{
	struct rq_str list = { 0 };

	for (size_t i = 0; i < entry->hunks.n; i++) {
		const struct rq_hunk_record *hunk = &entry->hunks.v[i];

		if (hunk->rung != RQ_PRESENT)
			continue;
		rq_str_addf(&list, "%s%s", list.len ? ", " : "", hunk->file);
		if (hunk->hunk)
			rq_str_addf(&list, " hunk %ld", hunk->hunk);
	}
	rq_entry_say(entry, "%ld of %zu hunks were there already: %s",
		     entry->present_hunks, entry->hunks.n, list.s);
	rq_str_release(&list);
}

/* The least trusted hunk speaks for the entry; hunks that were there already are counted. */
static void conclude(struct rq_step *step)
{
	struct rq_entry_record *entry = step->entry;
	enum rq_outcome worst = RQ_EXACT;
	size_t placed = 0;

	for (size_t i = 0; i < entry->hunks.n; i++) {
		struct rq_hunk_record *hunk = &entry->hunks.v[i];

		entry->doubtful |= hunk->doubtful;
		if (hunk->rung == RQ_PRESENT) {
			entry->present_hunks++;
			continue;
		}
		placed++;
		worst = rq_outcome_worse(worst, hunk->rung);
	}
	if (!placed && entry->hunks.n) {
		worst = RQ_PRESENT;
		entry->present_hunks = 0;
		if (!entry->doubtful)
			rq_entry_say(entry, "the branch has it already");
	}
	entry->outcome = worst;
	for (size_t i = 0; i < entry->hunks.n && !entry->message; i++) {
		struct rq_hunk_record *hunk = &entry->hunks.v[i];

		if (!hunk->why || (step->failed && hunk->rung != RQ_CONFLICT))
			continue;
		rq_entry_say_hunk(entry, hunk);
	}
	if (entry->present_hunks && !entry->message)
		say_present(entry);
}

static bool comes_or_goes(const struct rq_file_change *c)
{
	return c->old_mode == RQ_MODE_NONE || c->new_mode == RQ_MODE_NONE;
}

/* patch(1) makes no link of a file, but it does one after the other. */
static int stays_link_or_file(struct rq_step *step, const char *path, bool *stays,
			      struct rq_err *err)
{
	struct rq_file *before;
	int rc = rq_image_file(step->image, path, &before, err);

	*stays =
		!rc && is_link(before->mode) == is_link(rq_step_staged(step, path)->mode);
	return rc;
}

/* Drops what the first change of the same file takes over, and notes the first in @joined. */
static int drop_joined(struct rq_step *step, struct rq_map *joined, struct rq_err *err)
{
	struct rq_map firsts = { 0 };
	int rc = 0;

	for (size_t i = 0; i < step->entry->changes.n && !rc; i++) {
		struct rq_file_change *c = &step->entry->changes.v[i];
		struct rq_file_change *first = rq_map_get(&firsts, c->path);
		bool stays;

		if (!first) {
			rq_map_put(&firsts, c->path, c);
			continue;
		}
		if (!comes_or_goes(first) && !comes_or_goes(c))
			continue;
		rc = stays_link_or_file(step, c->path, &stays, err);
		if (rc || !stays)
			continue;
		rq_map_put(joined, first->path, first);
		rq_file_change_release(c);
	}
	rq_map_release(&firsts);
	return rc;
}

/*
 * A name that one diff frees and another takes (two files swap names, say) is one change of that
 * file to writers that know no renames.  Several edits of one file stay what they are.
 */
static int join_changes(struct rq_step *step, struct rq_err *err)
{
	struct rq_entry_record *entry = step->entry;
	struct rq_map joined = { 0 };
	int rc = drop_joined(step, &joined, err);
	size_t kept = 0;

	for (size_t i = 0; i < joined.n_slots && !rc; i++) {
		struct rq_file_change *first = joined.slots[i].value;
		struct rq_file *before;

		if (!first)
			continue;
		rc = rq_image_file(step->image, first->path, &before, err);
		if (!rc)
			rc = rq_change_remake(first, before,
					      rq_step_staged(step, first->path), err);
	}
	for (size_t i = 0; i < entry->changes.n; i++)
		if (entry->changes.v[i].path)
			entry->changes.v[kept++] = entry->changes.v[i];
	entry->changes.n = kept;
	rq_map_release(&joined);
	return rc;
}

static void mark_superseded(struct rq_entry_record *entry)
{
	struct rq_map later = { 0 };

	for (size_t i = entry->changes.n; i-- > 0;) {
		struct rq_file_change *c = &entry->changes.v[i];

		c->superseded = rq_map_put(&later, c->path, c);
	}
	rq_map_release(&later);
}

/*
 * Where every hunk of the patch is exact, and a sure one is further down in the file, nothing came
 * or went above that one: the stated line is where the patch was made.
 */
static void trust_lines(struct rq_entry_record *entry)
{
	const char *sure = "";

	for (size_t i = 0; i < entry->hunks.n; i++) {
		const struct rq_hunk_record *hunk = &entry->hunks.v[i];

		if (hunk->rung != RQ_EXACT || (hunk->doubtful && !hunk->by_line))
			return;
	}
	for (size_t i = entry->hunks.n; i-- > 0;) {
		struct rq_hunk_record *hunk = &entry->hunks.v[i];

		if (!hunk->doubtful && hunk->hunk) {
			sure = hunk->file;
			continue;
		}
		if (!hunk->by_line || strcmp(hunk->file, sure) != 0)
			continue;
		hunk->doubtful = hunk->by_line = false;
		rq_reason_free(hunk->why);
		hunk->why = NULL;
	}
}

/* Makes a conflict of what is there in part, or where only the stated line speaks for a place. */
static void insist(struct rq_step *step)
{
	struct rq_entry_record *entry = step->entry;
	size_t present = 0;

	for (size_t i = 0; i < entry->hunks.n; i++)
		present += entry->hunks.v[i].rung == RQ_PRESENT;
	for (size_t i = 0; i < entry->hunks.n; i++) {
		struct rq_hunk_record *hunk = &entry->hunks.v[i];
		bool placed = hunk->rung == RQ_EXACT || hunk->rung == RQ_OFFSET;

		if ((placed || present == entry->hunks.n) && !hunk->doubtful)
			continue;
		rq_reason_free(hunk->why);
		hunk->why = rq_reason_new(&(struct rq_reason){
			.code = RQ_REASON_NOT_CERTAIN,
			.name = rq_xstrdup(rq_outcome_word(hunk->rung)) });
		hunk->rung = RQ_CONFLICT;
		step->failed++;
	}
}

/* What did not reach the image was not done. */
static void forget_changes(struct rq_entry_record *entry)
{
	for (size_t i = 0; i < entry->changes.n; i++)
		rq_file_change_release(&entry->changes.v[i]);
	entry->changes.n = 0;
}

int rq_apply(struct rq_image *image, const struct rq_patch *patch,
	     const struct rq_apply_options *options, struct rq_entry_record *entry,
	     struct rq_err *err)
{
	struct rq_step step = {
		.image = image, .patch = patch, .options = options, .entry = entry
	};
	int rc = rq_source_step(&step.source, options->source, patch, err);
	bool objected;

	find_given_up(&step);
	if (!rc)
		rc = rq_patch_present_within(image, patch, &step.work, &step.present,
					     err);
	for (size_t i = 0; i < patch->n_files && !rc; i++)
		rc = place(&step, &patch->files[i], err);
	if (!rc && !step.failed)
		trust_lines(entry);
	if (!rc && !step.failed && options->certain)
		insist(&step);
	if (!rc && !step.failed)
		rc = join_changes(&step, err);
	mark_superseded(entry);
	objected = !rc && !step.failed && options->object &&
		   options->object(patch, entry, options->ctx);
	if (rc || step.failed || objected)
		forget_changes(entry);
	for (size_t i = 0; i < step.staged.n; i++) {
		if (rc || step.failed || objected)
			rq_file_free(step.staged.v[i]);
		else
			rq_image_replace(image, step.staged.v[i]);
	}
	rq_vec_release(&step.staged);
	rq_map_release(&step.newest);
	rq_map_release(&step.given_up);
	rq_step_paths_free(step.paths);
	rq_source_release(&step.source);
	if (!step.failed)
		rq_entry_drop_offers(entry);
	rq_entry_number_offers(entry);
	if (!rc)
		conclude(&step);
	return rc;
}
