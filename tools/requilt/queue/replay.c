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

/* The first hunk of the patch that the resolution is not of; "" where it lost some only.  Owned. */
static char *first_new(const struct rq_item *item)
{
	struct rq_hunk_changes now = { 0 };
	const struct rq_hunk_change *one;
	char *text;

	rq_hunk_changes_of(&now, item->patch);
	one = rq_hunk_changes_new(&now, &item->stale->hunks);
	text = one ? rq_xasprintf(", whose %s hunk %zu is another", one->file, one->hunk)
		   : rq_xstrdup("");
	rq_hunk_changes_release(&now);
	return text;
}

/* Why what is recorded did not help. */
static void tell_stale(const struct rq_item *item, struct rq_entry_record *entry)
{
	_cleanup_free_ char *why = NULL, *other = NULL;

	if (rq_outcome_colour(entry->outcome) != RQ_RED ||
	    (!item->stale && !item->replays.n))
		return;
	why = TAKE_PTR(entry->message);
	other = item->replays.n ? NULL : first_new(item);
	if (item->replays.n)
		rq_entry_say(entry,
			     "%s; the resolution of %s is for other lines than there are "
			     "here",
			     why ? why : "no place", item->replays.v[0].of->branch);
	else
		rq_entry_say(entry,
			     "%s; %s is stale: it resolves another version of the "
			     "patch%s",
			     why ? why : "no place", item->stale->path, other);
}

int rq_place_patch(struct rq_image *image, const struct rq_item *item,
		   const struct rq_apply_options *options, struct rq_entry_record *entry,
		   struct rq_err *err)
{
	const struct rq_apply_options plain = { .object = options->object,
						.ctx = options->ctx };
	struct rq_entry_record tried = { 0 };
	bool done = false;
	int rc;

	if (item->replays.n) {
		rc = rq_apply(image, item->patch, &plain, &tried, err);
		done = !rc && rq_outcome_colour(tried.outcome) != RQ_RED;
		if (done)
			become(entry, &tried);
		else if (!rc)
			rc = try_replays(image, item, options, entry, &done, err);
		rq_entry_release(&tried);
		if (rc || done)
			return rc ? rc
				  : rq_apply_to_source(options->source, item->patch, err);
	}
	rc = rq_apply(image, item->patch, options, entry, err);
	if (!rc)
		tell_stale(item, entry);
	return rc;
}
