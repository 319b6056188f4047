// SPDX-License-Identifier: GPL-2.0-only
/*
 * One queue over one branch: conditions, guards, the ladder, and what each entry made of its files.
 * After a failure it goes on, so that the rest is reported too, but stores nothing more.
 */
#include "queue/queue_internal.h"

#include "queue/bridge.h"
#include "queue/failed.h"
#include "util/clock.h"
#include "util/map.h"

struct walker {
	struct rq_walk *walk;
	const struct rq_item *const *items;
	size_t n, at;	    /* of the items, and the one at hand */
	size_t last_rule;   /* 0: none behind the first */
	struct rq_map last; /* where the last item to change a file is */
	struct rq_failures failures;
	const char *
		needed; /* the failed item whose missing result the one at hand was taken for */
	const char *needed_why;
	bool failed;
	struct rq_exist *exist; /* NULL: not checked */
};

/* Later entries may fail, or seem to be there, only because this one did. */
static void fail(struct walker *w, const struct rq_item *item,
		 const struct rq_entry_record *entry, const struct rq_names *wanted)
{
	w->failed = true;
	if (!entry->changes.n)
		rq_failures_add(&w->failures, item,
				entry->outcome == RQ_BLOCKED && !item->incomplete,
				wanted);
}

static void block(struct rq_entry_record *entry, const char *by, const char *why)
{
	_cleanup_free_ char *copy = rq_xstrdup(why ? why : "no place");

	entry->outcome = RQ_BLOCKED;
	rq_entry_drop_offers(entry);
	rq_entry_say(entry, "needs %s, which failed before it: %s", by, copy);
}

static void tell_own_from_inherited(struct walker *w, const struct rq_item *item,
				    struct rq_entry_record *entry)
{
	const char *by = NULL;

	if (entry->outcome == RQ_CONFLICT)
		by = item->rule ? rq_failures_behind_left(&w->failures, item->rule, entry)
				: rq_failures_behind_conflict(&w->failures, item->patch,
							      entry);
	if (by)
		block(entry, by, entry->message);
}

/* Which item is the last to change a file; what rules change is not known before they run. */
static void find_last(struct walker *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct rq_patch *patch = w->items[i]->patch;

		if (w->items[i]->rule)
			w->last_rule = i;
		for (size_t k = 0; k < patch->n_files; k++) {
			const struct rq_filediff *diff = &patch->files[k];

			if (diff->old_path)
				rq_map_put(&w->last, diff->old_path, &w->items[i]);
			if (diff->new_path)
				rq_map_put(&w->last, diff->new_path, &w->items[i]);
		}
	}
}

/* Whether an entry behind this one may change the file: then its bytes are worth keeping. */
static bool comes_again(const struct walker *w, const char *path)
{
	const struct rq_item *const *last = rq_map_get(&w->last, path);

	return w->last_rule > w->at || (last && last > &w->items[w->at]);
}

/*
 * What the entry made of its files, each stored once, as it ends; the threads of the pack find
 * the ids.  Without commits only what no later entry changes, as far as names tell: of a file that
 * the patches know by another, they do not.
 */
static int store(struct walker *w, struct rq_entry_record *entry, struct rq_err *err)
{
	struct rq_walk *walk = w->walk;
	int rc = 0;

	for (size_t i = 0; i < entry->changes.n && !rc; i++) {
		struct rq_file_change *c = &entry->changes.v[i];
		struct rq_str bytes = { 0 };
		struct rq_file *file;
		bool again;

		if (c->superseded)
			continue;
		rc = rq_image_file(walk->image, c->path, &file, err);
		if (rc || file->mode == RQ_MODE_NONE)
			continue;
		again = comes_again(w, c->path);
		if (!walk->edit && (again || !rq_map_get(&w->last, c->path)))
			continue;
		rq_file_bytes(file, &bytes);
		rc = rq_pack_queue_version(walk->pack, RQ_OBJ_BLOB, &bytes, &file->last,
					   &c->new_oid, err);
		if (!again) {
			rq_stored_drop(file->last);
			file->last = NULL;
		}
	}
	return rc;
}

/*
 * The ids that the threads found: each change starts where the one before it on the same file ended.
 * Of an entry that changes a file twice, the state in between has none.
 */
static int settle_ids(struct rq_walk *walk, struct rq_err *err)
{
	int rc = rq_pack_drain(walk->pack, err);

	for (size_t e = 0; e < walk->record->entries.n && !rc; e++) {
		struct rq_entry_record *entry = &walk->record->entries.v[e];

		for (size_t i = 0; i < entry->changes.n && !rc; i++) {
			struct rq_file_change *c = &entry->changes.v[i];
			struct rq_file *file;

			rc = rq_image_file(walk->image, c->path, &file, err);
			if (rc)
				break;
			if (c->old_mode != RQ_MODE_NONE && rq_oid_is_zero(&c->old_oid))
				c->old_oid = file->oid;
			file->oid = c->new_oid;
			file->has_oid = !rq_oid_is_zero(&c->new_oid);
		}
	}
	return rc;
}

/* Present-if must be false before and true after, wherever the entry applies. */
static int check_conditions_after(struct walker *w, const struct rq_item *item,
				  struct rq_entry_record *entry, struct rq_err *err)
{
	_cleanup_free_ char *why = NULL;
	const char *by;
	bool hold;
	int rc;

	if (!item->conditions.v.n || !entry->changes.n ||
	    rq_outcome_colour(entry->outcome) == RQ_RED)
		return 0;
	rc = rq_conditions_hold(&item->conditions, w->walk->image, &hold, &why, err);
	if (rc || hold)
		return rc;
	by = rq_failures_behind_conditions(&w->failures, &item->conditions, false);
	if (by) {
		block(entry, by, why);
		return 0;
	}
	entry->outcome = RQ_ERROR;
	rq_entry_say(entry,
		     "its Present-if is still false after it was applied (%s): "
		     "correct the line",
		     why);
	return 0;
}

/* The failed entry but for which the branch would not look as if it had this one; or NULL. */
static const char *behind_presence(struct walker *w, const struct rq_item *item)
{
	const char *by =
		rq_failures_behind_conditions(&w->failures, &item->conditions, true);

	if (!by && item->rule)
		by = rq_failures_behind_nothing(&w->failures, item->rule);
	if (!by && !item->conditions.v.n)
		by = rq_failures_behind_patch(&w->failures, item->patch);
	return by;
}

static const char only_since[] = "it looks as if it was there only since that is missing";

/* Whether the branch has the entry already, or a guard leaves it out: nothing to place then. */
static int settle_before(struct walker *w, const struct rq_item *item,
			 struct rq_entry_record *entry, bool *settled, struct rq_err *err)
{
	struct rq_walk *walk = w->walk;
	_cleanup_free_ char *why = NULL, *guard = NULL;
	const struct rq_guard *guarded = NULL;
	const char *by;
	bool present, left, meant = true;
	int rc = rq_conditions_hold(&item->conditions, walk->image, &present, &why, err);

	*settled = false;
	/* A branch that is converted in part only has Present-if's places and others not. */
	if (!rc && present && item->rule) {
		rc = rq_walk_rule_left(walk, item->rule, &left, err);
		present = !left;
	}
	if (rc)
		return rc;
	if (item->entry && walk->branch)
		meant = rq_entry_meant_for(item->entry, walk->branch, walk->version,
					   &guarded);
	if (!present && !meant && !item->rule)
		rc = rq_patch_present(walk->image, item->patch, &present, err);
	if (rc)
		return rc;
	by = present ? behind_presence(w, item) : NULL;
	*settled = present || !meant;
	if (by && meant) {
		block(entry, by, only_since);
	} else if (present && !by) {
		entry->outcome = RQ_PRESENT;
		rq_entry_say(entry, "%s",
			     why && item->conditions.v.n ? why
							 : "the branch has it already");
	} else if (!meant) {
		guard = guarded ? rq_guard_text(guarded) : NULL;
		entry->outcome = RQ_SKIPPED;
		rq_entry_say(entry, "%s", guard ? guard : "no guard names this branch");
	}
	return 0;
}

/* Whether a patch is yet to be placed, maybe by who looks at what the walk leaves. */
static bool comes_patch(const struct walker *w)
{
	if (w->walk->stop_at_conflict)
		return true;
	for (size_t i = w->at + 1; i < w->n; i++)
		if (!w->items[i]->rule)
			return true;
	return false;
}

/*
 * Takes the source tree past an entry that was not placed there: later patches were made on top of it,
 * whatever became of it on the branch.  Only patches look at that tree.
 */
static int step_source(struct walker *w, const struct rq_item *item, struct rq_err *err)
{
	struct rq_walk *walk = w->walk;

	if (!walk->source || !comes_patch(w))
		return 0;
	if (item->rule)
		return rq_walk_rule_on_source(walk, item, err);
	return rq_apply_to_source(walk->source, item->patch, err);
}

static bool object(const struct rq_patch *patch, const struct rq_entry_record *entry,
		   void *ctx)
{
	struct walker *w = ctx;

	w->needed = rq_failures_behind_presence(&w->failures, patch, entry);
	w->needed_why = only_since;
	if (!w->needed) {
		w->needed = rq_failures_behind_context(&w->failures, patch, entry);
		w->needed_why = "a part of its context comes with that";
	}
	return w->needed;
}

/* What the patch tells of outside of its diffs: nobody applies that. */
static void note_ignored(struct rq_slice line, long number, void *ctx)
{
	struct rq_entry_record *entry = ctx;

	*rq_vec_push(&entry->notes) =
		(struct rq_note){ .kind = RQ_NOTE_IGNORED,
				  .file = rq_xstrdup(entry->patch),
				  .line = number,
				  .text = rq_xstrndup(line.p, line.n) };
	if (!entry->message || entry->outcome == RQ_PRESENT)
		rq_entry_say(entry,
			     "line %ld of the patch, '%.*s', tells of a change that no "
			     "diff of it makes: not applied",
			     number, line.n < 80 ? (int)line.n : 80, line.p);
}

/* As patch(1) has it; somebody may want to know that the file is not whole. */
static void tell_chopped(const struct rq_item *item, struct rq_entry_record *entry)
{
	if (item->patch->chopped_at && !entry->message)
		rq_entry_say(entry,
			     "the hunk of line %ld of the patch lacks its last empty "
			     "context lines; they were put there",
			     item->patch->chopped_at);
}

static int having(struct rq_names *paths, const struct rq_names *names, void *ctx,
		  struct rq_err *err)
{
	struct walker *w = ctx;

	return rq_walk_having(paths, w->walk, names, err);
}

static void add_why_not(struct rq_entry_record *entry, const struct rq_bridging *b)
{
	_cleanup_free_ char *message = TAKE_PTR(entry->message);

	rq_entry_say(entry, "%s; the bridge %s fits, but %s",
		     message ? message : "no place", b->fits.v[0]->name, b->why);
}

/* Whether a hunk has no place since what it makes seems to be there: a bridge must not make it again. */
static bool seems_done(const struct rq_entry_record *entry)
{
	for (size_t i = 0; i < entry->hunks.n; i++) {
		const struct rq_reason *why = entry->hunks.v[i].why;

		if (why &&
		    (why->code == RQ_REASON_CONTEXT ||
		     why->code == RQ_REASON_RESULT_THERE ||
		     why->code == RQ_REASON_FUZZ_DONE || why->code == RQ_REASON_REMOVED))
			return true;
	}
	return false;
}

/*
 * Where the patch adds a name that only a bridge leads to, that goes first; else it is tried where the
 * patch as it is has no place.
 */
static int place_or_bridge(struct walker *w, const struct rq_item *item,
			   const struct rq_apply_options *options,
			   struct rq_entry_record *entry, struct rq_err *err)
{
	struct rq_walk *walk = w->walk;
	_cleanup_(rq_bridging_end) struct rq_bridging b = { 0 };
	bool resolved = item->replays.n || item->earlier.n, done = false, tried;
	int rc = rq_bridging_begin(&b, walk, w->exist, item, err);

	tried = b.first && !resolved;
	if (!rc && tried)
		rc = rq_bridging_try(&b, options, false, entry, &done, err);
	if (!rc && done)
		return rq_apply_to_source(walk->source, item->patch, err);
	if (!rc)
		rc = rq_place_patch(walk->image, item, options, walk->made, entry, err);
	if (rc || !b.fits.n || w->needed || rq_outcome_colour(entry->outcome) != RQ_RED)
		return rc;
	if (!tried && !seems_done(entry))
		rc = rq_bridging_try(&b, options, true, entry, &done, err);
	if (!rc && !done && b.why)
		add_why_not(entry, &b);
	return rc;
}

static int run_patch(struct walker *w, const struct rq_item *item,
		     struct rq_entry_record *entry, struct rq_err *err)
{
	struct rq_walk *walk = w->walk;
	const struct rq_apply_options options = { .fuzz = walk->fuzz,
						  .source = walk->source,
						  .anchors = true,
						  .offers = true,
						  .object =
							  w->failures.v.n ? object : NULL,
						  .having = having,
						  .ctx = w };
	int rc;

	w->needed = NULL;
	rc = place_or_bridge(w, item, &options, entry, err);
	if (!rc && w->needed)
		block(entry, w->needed, w->needed_why);
	if (!rc && rq_outcome_colour(entry->outcome) != RQ_RED)
		rq_patch_each_ignored(item->patch, note_ignored, entry);
	if (!rc && rq_outcome_colour(entry->outcome) != RQ_RED)
		tell_chopped(item, entry);
	return rc;
}

static int run_rule(struct walker *w, const struct rq_item *item, struct rq_names *wanted,
		    struct rq_entry_record *entry, struct rq_err *err)
{
	const char *by = rq_failures_behind_rule(&w->failures, item->rule);
	int rc = 0;

	if (by)
		block(entry, by, "what the rule brings into code comes with that");
	else
		rc = rq_walk_rule(w->walk, item->rule, wanted, entry, err);
	if (!rc && entry->outcome == RQ_EMPTY)
		by = rq_failures_behind_nothing(&w->failures, item->rule);
	if (by && entry->outcome == RQ_EMPTY)
		block(entry, by, "that would have given it something to change");
	return rc ? rc : step_source(w, item, err);
}

/* The engine that the entry is for. */
static int run_engine(struct walker *w, const struct rq_item *item,
		      struct rq_names *wanted, struct rq_entry_record *entry,
		      struct rq_err *err)
{
	if (item->incomplete) {
		entry->outcome = RQ_BLOCKED;
		rq_entry_say(
			entry,
			"incomplete: %s; finish it, then take its Incomplete: lines out",
			item->incomplete);
		return step_source(w, item, err);
	}
	if (item->rule)
		return run_rule(w, item, wanted, entry, err);
	return run_patch(w, item, entry, err);
}

/* A guard leaves it out all the same. */
static bool settle_broken(const struct walker *w, const struct rq_item *item,
			  struct rq_entry_record *entry)
{
	const struct rq_walk *walk = w->walk;
	const struct rq_guard *guarded = NULL;
	_cleanup_free_ char *guard = NULL;

	if (!item->broken)
		return false;
	if (item->entry && walk->branch &&
	    !rq_entry_meant_for(item->entry, walk->branch, walk->version, &guarded)) {
		guard = guarded ? rq_guard_text(guarded) : NULL;
		entry->outcome = RQ_SKIPPED;
		rq_entry_say(entry, "%s", guard ? guard : "no guard names this branch");
	} else {
		entry->outcome = RQ_ERROR;
		rq_entry_say(entry, "%s", item->broken);
	}
	return true;
}

static int settle_or_run(struct walker *w, const struct rq_item *item,
			 struct rq_names *wanted, struct rq_entry_record *entry,
			 struct rq_err *err)
{
	bool settled;
	int rc;

	if (settle_broken(w, item, entry))
		return 0;
	rc = settle_before(w, item, entry, &settled, err);
	if (rc)
		return rc;
	if (settled)
		return step_source(w, item, err);
	rc = run_engine(w, item, wanted, entry, err);
	if (!rc)
		rc = check_conditions_after(w, item, entry, err);
	if (!rc && w->exist && rq_outcome_colour(entry->outcome) != RQ_RED)
		rc = rq_exist_check(w->exist, item, entry, err);
	return rc;
}

static int place(struct walker *w, const struct rq_item *item,
		 struct rq_entry_record *entry, struct rq_err *err)
{
	struct rq_walk *walk = w->walk;
	struct rq_names wanted = { 0 };
	int rc = settle_or_run(w, item, &wanted, entry, err);

	if (!rc && walk->accepts && rq_entry_colour(entry) == RQ_YELLOW)
		rc = rq_walk_change(walk, item, entry, err);
	if (!rc && rq_outcome_colour(entry->outcome) == RQ_RED) {
		tell_own_from_inherited(w, item, entry);
		fail(w, item, entry, &wanted);
	} else if (!rc && walk->pack && !(walk->edit && w->failed) && entry->changes.n) {
		rc = store(w, entry, err);
	}
	rq_names_release(&wanted);
	return rc;
}

int rq_walk(struct rq_walk *walk, const struct rq_item *const *items, size_t n,
	    struct rq_err *err)
{
	struct walker w = {
		.walk = walk, .items = items, .n = n, .failures = { .image = walk->image }
	};
	int rc = walk->checks ? rq_exist_new(&w.exist, walk, items, n, err) : 0;

	if (walk->pack)
		find_last(&w);
	rq_vec_reserve(&walk->record->entries, n);
	for (size_t i = 0; i < n && !rc; i++) {
		struct rq_entry_record *entry =
			rq_record_entry(walk->record, items[i]->name);
		double start = rq_now();

		w.at = i;
		rc = place(&w, items[i], entry, err);
		if (rc)
			rq_err_prefix(err, "%s: ", items[i]->name);
		entry->seconds = rq_now() - start;
		if (w.failed && walk->stop_at_conflict)
			break;
	}
	if (!rc && walk->pack && !(walk->edit && w.failed))
		rc = settle_ids(walk, err);
	walk->record->has_head = !w.failed && !rc && walk->edit;
	rq_exist_free(w.exist);
	rq_failures_release(&w.failures);
	rq_map_release(&w.last);
	return rc;
}
