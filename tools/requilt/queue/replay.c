// SPDX-License-Identifier: GPL-2.0-only
/*
 * A patch in its place, with what was resolved by hand before: never a part of a resolution, and
 * never where its region is not the one that was resolved.
 */
#include "queue/queue_internal.h"

/* @tried is what became of the entry; it gets the entry's old content to be released. */
static void become(struct rq_entry_record *entry, struct rq_entry_record *tried)
{
	struct rq_entry_record old = *entry;

	tried->patch = TAKE_PTR(old.patch);
	*entry = *tried;
	*tried = old;
}

/* Of a version that is another, and differs nowhere. */
#define REORDERED ", which has the same hunks in another order"

/* Whose it is, and why it may stand for another version. */
static void tell_carried(struct rq_entry_record *entry, const struct rq_replay *replay)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 };

	rq_str_addf(&text, "as resolved on %s by %s for an earlier version",
		    replay->of->branch, replay->of->who);
	rq_str_adds(&text, replay->revision.v.n ? ", whose other hunks are the same: "
						: REORDERED);
	rq_revision_tell(&text, &replay->revision);
	rq_entry_say(entry, "%s", text.s);
}

static int try_replays(struct rq_image *image, const struct rq_item *item,
		       const struct rq_apply_options *options,
		       struct rq_entry_record *entry, bool *done, struct rq_err *err)
{
	const struct rq_apply_options certain = { .certain = true,
						  .object = options->object,
						  .ctx = options->ctx };
	int rc = 0;

	for (size_t i = 0; i < item->replays.n && !rc && !*done; i++) {
		const struct rq_replay *replay = &item->replays.v[i];
		struct rq_entry_record tried = { 0 };

		rc = rq_apply(image, replay->patch, &certain, &tried, err);
		*done = !rc && rq_outcome_colour(tried.outcome) != RQ_RED;
		if (*done) {
			become(entry, &tried);
			entry->resolved = replay->patch;
		}
		if (*done && entry->outcome != RQ_PRESENT) {
			entry->outcome = RQ_RESOLVED;
			rq_entry_say(entry, "as resolved on %s by %s", replay->of->branch,
				     replay->of->who);
		}
		rq_entry_release(&tried);
	}
	return rc;
}

/* Those of earlier versions; the first that can be carried without doubt is taken. */
static int try_earlier(struct rq_image *image, const struct rq_item *item,
		       const struct rq_apply_options *options, struct rq_made *made,
		       struct rq_entry_record *entry, bool *done, struct rq_err *err)
{
	const struct rq_apply_options certain = { .certain = true,
						  .object = options->object,
						  .ctx = options->ctx };
	int rc = 0;

	for (size_t i = 0; i < item->earlier.n && made && !rc && !*done; i++) {
		const struct rq_replay *replay = &item->earlier.v[i];
		struct rq_entry_record tried = { 0 };
		struct rq_patch *patch;

		rc = rq_carry(&patch, image, item, replay, err);
		if (rc || !patch)
			continue;
		*rq_vec_push(&made->v) = patch;
		rc = rq_apply(image, patch, &certain, &tried, err);
		*done = !rc && rq_outcome_colour(tried.outcome) != RQ_RED;
		if (*done) {
			become(entry, &tried);
			entry->resolved = patch;
			entry->outcome = RQ_RESOLVED;
			tell_carried(entry, replay);
		}
		rq_entry_release(&tried);
	}
	return rc;
}

/* The first hunk of the patch that the resolution is not of; "" where it lost some only. */
static void add_first_new(struct rq_str *out, const struct rq_item *item,
			  const struct rq_replay *stale)
{
	struct rq_hunk_changes now = { 0 };
	const struct rq_hunk_change *one;

	if (stale->was) {
		rq_str_adds(out, stale->revision.v.n ? ", whose " : REORDERED);
		rq_revision_tell(out, &stale->revision);
		return;
	}
	rq_hunk_changes_of(&now, item->patch);
	one = rq_hunk_changes_new(&now, &stale->of->hunks);
	if (one)
		rq_str_addf(out, ", whose %s hunk %zu is another", one->file, one->hunk);
	rq_hunk_changes_release(&now);
}

/* Where the lines are others than those that were resolved, and the first of them. */
static int add_first_other(struct rq_str *out, struct rq_image *image,
			   const struct rq_replay *replay, struct rq_err *err)
{
	const struct rq_apply_options certain = { .certain = true };
	struct rq_entry_record tried = { 0 };
	const struct rq_hunk_record *hunk = NULL;
	int rc = rq_apply(image, replay->patch, &certain, &tried, err);

	for (size_t i = 0; i < tried.hunks.n && !hunk; i++)
		if (tried.hunks.v[i].rung == RQ_CONFLICT)
			hunk = &tried.hunks.v[i];
	if (!rc && hunk) {
		const struct rq_row *row = NULL;

		rq_str_addf(out, ": %s hunk %ld of it has no place", hunk->file,
			    hunk->hunk);
		for (size_t i = 0; i < hunk->beside.v.n && !row; i++)
			if (hunk->beside.v.v[i].kind == RQ_ROW_DIFFERS &&
			    hunk->beside.v.v[i].patch && hunk->beside.v.v[i].branch)
				row = &hunk->beside.v.v[i];
		if (row)
			rq_str_addf(out, ", line %ld is '%.80s' and was '%.80s'",
				    row->line, row->branch, row->patch + 1);
	}
	rq_entry_release(&tried);
	return rc;
}

/* Without the directories that each clone has elsewhere. */
static const char *path_in_queue(const char *path)
{
	const char *at = path;

	for (const char *next = path; (next = strstr(next, "series/")); next++)
		at = next;
	return at;
}

/* Why what is recorded did not help. */
static int tell_stale(struct rq_image *image, const struct rq_item *item,
		      struct rq_entry_record *entry, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str text = { 0 };
	const struct rq_replay *stale = NULL;
	int rc = 0;

	if (rq_outcome_colour(entry->outcome) != RQ_RED ||
	    (!item->earlier.n && !item->replays.n))
		return 0;
	rq_str_adds(&text, entry->message ? entry->message : "no place");
	if (item->replays.n) {
		rq_str_addf(&text,
			    "; the resolution of %s is for other lines than there are "
			    "here",
			    item->replays.v[0].of->branch);
		rc = add_first_other(&text, image, &item->replays.v[0], err);
	} else {
		stale = &item->earlier.v[item->earlier.n - 1];
		rq_str_addf(&text,
			    "; %s is stale: it resolves another version of the patch",
			    path_in_queue(stale->of->path));
		add_first_new(&text, item, stale);
	}
	if (!stale || stale->offers)
		rq_str_adds(&text, "; 'requilt resolve' starts from it");
	rq_entry_say(entry, "%s", text.s);
	return rc;
}

int rq_place_patch(struct rq_image *image, const struct rq_item *item,
		   const struct rq_apply_options *options, struct rq_made *made,
		   struct rq_entry_record *entry, struct rq_err *err)
{
	const struct rq_apply_options plain = { .object = options->object,
						.ctx = options->ctx };
	struct rq_entry_record tried = { 0 };
	bool done = false;
	int rc;

	if (item->replays.n || item->earlier.n) {
		rc = rq_apply(image, item->patch, &plain, &tried, err);
		done = !rc && rq_outcome_colour(tried.outcome) != RQ_RED;
		if (done)
			become(entry, &tried);
		else if (!rc)
			rc = try_replays(image, item, options, entry, &done, err);
		if (!rc && !done)
			rc = try_earlier(image, item, options, made, entry, &done, err);
		rq_entry_release(&tried);
		if (rc || done)
			return rc ? rc
				  : rq_apply_to_source(options->source, item->patch, err);
	}
	rc = rq_apply(image, item->patch, options, entry, err);
	return rc ? rc : tell_stale(image, item, entry, err);
}
