// SPDX-License-Identifier: GPL-2.0-only
/*
 * One queue over one branch: conditions, guards, the ladder, and what each entry made of its files.
 * After a failure it goes on, so that the rest is reported too, but stores nothing more.
 */
#include "queue/queue_internal.h"

#include <time.h>

#include "util/map.h"

struct walker {
	struct rq_walk *walk;
	const struct rq_item *const *items;
	size_t n, at;		 /* of the items, and the one at hand */
	size_t last_rule;	 /* 0: none behind the first */
	struct rq_map last;	 /* where the last item to change a file is */
	struct rq_names spoilt;	 /* files that a failed item would have changed */
	struct rq_map spoilt_by; /* that item */
	bool failed;
};

double rq_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void spoil_path(struct walker *w, const struct rq_item *item, const char *path)
{
	if (rq_map_get(&w->spoilt_by, path))
		return;
	rq_names_add(&w->spoilt, rq_slice_of(path));
	rq_map_put(&w->spoilt_by, w->spoilt.v.v[w->spoilt.v.n - 1], item);
}

/* Later entries on the same files may fail only because this one did. */
static void spoil(struct walker *w, const struct rq_item *item)
{
	for (size_t i = 0; i < item->patch->n_files; i++) {
		const struct rq_filediff *diff = &item->patch->files[i];
		const char *paths[] = { diff->old_path, diff->new_path };

		for (size_t k = 0; k < ARRAY_SIZE(paths); k++)
			if (paths[k])
				spoil_path(w, item, paths[k]);
	}
}

/* The earlier failure that this one follows from, or NULL when it is the entry's own. */
static const char *follows_from(const struct walker *w,
				const struct rq_entry_record *entry)
{
	const struct rq_item *by = NULL;

	for (size_t i = 0; i < entry->hunks.n; i++) {
		if (entry->hunks.v[i].rung != RQ_CONFLICT)
			continue;
		by = rq_map_get(&w->spoilt_by, entry->hunks.v[i].file);
		if (!by)
			return NULL;
	}
	return by ? by->name : NULL;
}

static void tell_own_from_inherited(struct walker *w, struct rq_entry_record *entry)
{
	const char *by = entry->outcome == RQ_CONFLICT ? follows_from(w, entry) : NULL;

	if (!by)
		return;
	_cleanup_free_ char *why = entry->message;

	entry->message = NULL;
	entry->outcome = RQ_BLOCKED;
	rq_entry_say(entry, "needs %s, which failed before it: %s", by,
		     why ? why : "no place");
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
	bool hold;
	int rc;

	if (!item->conditions.v.n || !entry->changes.n)
		return 0;
	rc = rq_conditions_hold(&item->conditions, w->walk->image, &hold, &why, err);
	if (!rc && !hold) {
		entry->outcome = RQ_ERROR;
		rq_entry_say(entry,
			     "its Present-if is still false after it was applied (%s): "
			     "correct the line",
			     why);
	}
	return rc;
}

/* Whether the branch has the entry already, or a guard leaves it out: nothing to place then. */
static int settle_before(struct walker *w, const struct rq_item *item,
			 struct rq_entry_record *entry, bool *settled, struct rq_err *err)
{
	struct rq_walk *walk = w->walk;
	_cleanup_free_ char *why = NULL, *guard = NULL;
	const struct rq_guard *by = NULL;
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
		meant = rq_entry_meant_for(item->entry, walk->branch, walk->version, &by);
	if (!present && !meant && !item->rule)
		rc = rq_patch_present(walk->image, item->patch, &present, err);
	if (rc)
		return rc;
	*settled = present || !meant;
	if (present) {
		entry->outcome = RQ_PRESENT;
		rq_entry_say(entry, "%s",
			     why && item->conditions.v.n ? why
							 : "the branch has it already");
	} else if (!meant) {
		guard = by ? rq_guard_text(by) : NULL;
		entry->outcome = RQ_SKIPPED;
		rq_entry_say(entry, "%s", guard ? guard : "no guard names this branch");
	}
	return 0;
}

/* The engine that the entry is for. */
static int run_engine(struct walker *w, const struct rq_item *item,
		      struct rq_entry_record *entry, struct rq_err *err)
{
	struct rq_walk *walk = w->walk;
	const struct rq_apply_options options = { .fuzz = walk->fuzz,
						  .source = walk->source };
	struct rq_names wanted = { 0 };
	int rc;

	if (item->incomplete) {
		entry->outcome = RQ_BLOCKED;
		rq_entry_say(
			entry,
			"incomplete: %s; finish it, then take its Incomplete: lines out",
			item->incomplete);
		return 0;
	}
	if (!item->rule)
		return rq_place_patch(walk->image, item, &options, entry, err);
	rc = rq_walk_rule(walk, item->rule, &wanted, entry, err);
	for (size_t i = 0; i < wanted.v.n && rq_outcome_colour(entry->outcome) == RQ_RED;
	     i++)
		spoil_path(w, item, wanted.v.v[i]);
	rq_names_release(&wanted);
	return rc;
}

static int place(struct walker *w, const struct rq_item *item,
		 struct rq_entry_record *entry, struct rq_err *err)
{
	struct rq_walk *walk = w->walk;
	bool settled;
	int rc = settle_before(w, item, entry, &settled, err);

	if (rc)
		return rc;
	if (settled)
		return rq_apply_to_source(walk->source, item->patch, err);
	rc = run_engine(w, item, entry, err);
	if (!rc)
		rc = check_conditions_after(w, item, entry, err);
	if (rc)
		return rc;
	if (rq_outcome_colour(entry->outcome) == RQ_RED) {
		tell_own_from_inherited(w, entry);
		spoil(w, item);
		w->failed = true;
	} else if (walk->pack && !(walk->edit && w->failed) && entry->changes.n) {
		rc = store(w, entry, err);
	}
	return rc;
}

int rq_walk(struct rq_walk *walk, const struct rq_item *const *items, size_t n,
	    struct rq_err *err)
{
	struct walker w = { .walk = walk, .items = items, .n = n };
	int rc = 0;

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
	rq_map_release(&w.spoilt_by);
	rq_names_release(&w.spoilt);
	rq_map_release(&w.last);
	return rc;
}
