// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first conflict of a queue on a branch, laid out for a hand to take it up.
 */
#include "queue/queue_internal.h"

#include <stdlib.h>

#include "report/report.h"

struct looking {
	struct rq_conflict *out;
	const struct rq_names *more;
	const struct rq_item *item;
	const char *branch;
	const struct rq_names *ids; /* of offers; NULL: none */
};

typedef rq_vec(struct rq_taken) taken_offers;

/* The record that says where a file was followed to, which the one of its hunk @at comes after; or NULL. */
static const struct rq_reason *moved_of(const struct rq_entry_record *entry, size_t at)
{
	for (size_t i = at + 1; i-- > 0;) {
		const struct rq_hunk_record *hunk = &entry->hunks.v[i];

		if (strcmp(hunk->file, entry->hunks.v[at].file) != 0)
			return NULL;
		if (hunk->why && hunk->why->code == RQ_REASON_MOVED)
			return hunk->why;
	}
	return NULL;
}

static void take(taken_offers *taken, const struct rq_entry_record *entry, size_t at,
		 const struct rq_offer *offer)
{
	const struct rq_reason *moved = moved_of(entry, at);

	*rq_vec_push(taken) =
		(struct rq_taken){ .path = moved ? moved->name : entry->hunks.v[at].file,
				   .hunk = entry->hunks.v[at].hunk,
				   .offer = offer };
}

/* The offer of a hunk that was taken; NULL: none. */
static const struct rq_offer *taken_of(const struct looking *l,
				       const struct rq_hunk_record *hunk)
{
	for (size_t i = 0; i < hunk->offers.v.n; i++) {
		const struct rq_offer *offer = &hunk->offers.v.v[i];

		if (rq_offer_is_choice(offer) &&
		    rq_offer_is_among(offer, l->ids, hunk->file, hunk->hunk))
			return offer;
	}
	return NULL;
}

/* With one that was taken go the places that the other hunks have. */
static int find_taken(taken_offers *out, struct looking *l, struct rq_err *err)
{
	const struct rq_entry_record *tried = &l->out->tried;
	size_t found = 0;

	l->out->left = 0;
	for (size_t i = 0; i < tried->hunks.n; i++) {
		const struct rq_hunk_record *hunk = &tried->hunks.v[i];
		const struct rq_offer *offer;

		if (hunk->rung != RQ_CONFLICT) {
			if (l->ids && l->ids->v.n && hunk->offers.v.n)
				take(out, tried, i, &hunk->offers.v.v[0]);
			continue;
		}
		offer = l->ids ? taken_of(l, hunk) : NULL;
		l->out->left += !offer;
		found += offer != NULL;
		if (offer)
			take(out, tried, i, offer);
	}
	if (l->ids && found < l->ids->v.n)
		return rq_err_set(err, RQ_EQUEUE,
				  "%s: an offer that was taken is not made any more; "
				  "--abort, then begin again",
				  l->out->entry);
	return 0;
}

static int add_file(struct looking *l, struct rq_image *image, const char *path,
		    struct rq_marked *marked, struct rq_err *err)
{
	struct rq_conflict_file *to;
	struct rq_file *file;
	int rc = rq_image_file(image, path, &file, err);

	if (rc)
		return rc;
	if (file->mode == RQ_MODE_TREE || file->mode == RQ_MODE_GITLINK)
		return rq_err_set(err, RQ_EQUEUE, "%s: a folder here; name a file", path);
	to = rq_vec_push(&l->out->files);
	to->path = rq_xstrdup(path);
	to->before_mode = to->mode = file->mode;
	rq_file_bytes(file, &to->before);
	if (!marked) {
		rq_file_bytes(file, &to->text);
		return 0;
	}
	to->mode = marked->mode;
	to->marks = marked->marks;
	to->text = marked->text;
	marked->text = (struct rq_str){ 0 };
	return 0;
}

static bool has_file(const struct rq_conflict *conflict, const char *path)
{
	for (size_t i = 0; i < conflict->files.n; i++)
		if (strcmp(conflict->files.v[i].path, path) == 0)
			return true;
	return false;
}

static size_t count_marks(const struct rq_marked_files *files)
{
	size_t n = 0;

	for (size_t i = 0; i < files->v.n; i++)
		n += files->v.v[i].marks;
	return n;
}

static void take_text(struct rq_marked *to, struct rq_marked *from)
{
	rq_str_release(&to->text);
	to->text = from->text;
	to->mode = from->mode;
	to->marks = from->marks;
	from->text = (struct rq_str){ 0 };
}

/* What a resolution left out of a file that is the same in both versions stays out. */
static int leave_as_it_is(struct rq_marked *to, struct rq_image *image,
			  struct rq_err *err)
{
	struct rq_file *file;
	int rc = rq_image_file(image, to->path, &file, err);

	if (rc)
		return rc;
	to->text.len = 0;
	to->mode = file->mode;
	to->marks = 0;
	rq_file_bytes(file, &to->text);
	return 0;
}

/* The carried files take the places of @plain's, and others come with them. */
static int put_carried(struct rq_marked_files *plain, struct rq_marked_files *carried,
		       struct rq_image *image, const struct rq_replay *replay,
		       struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < plain->v.n && !rc; i++) {
		struct rq_marked *to = &plain->v.v[i];

		if (!rq_marked_files_find(carried, to->path) &&
		    rq_revision_keeps(&replay->revision, to->path))
			rc = leave_as_it_is(to, image, err);
	}
	for (size_t i = 0; i < carried->v.n && !rc; i++) {
		struct rq_marked *from = &carried->v.v[i];
		struct rq_marked *to = rq_marked_files_find(plain, from->path);

		if (!to) {
			to = rq_vec_push(&plain->v);
			to->path = rq_xstrdup(from->path);
		}
		take_text(to, from);
	}
	return rc;
}

/* So many resolutions of an entry are tried. */
#define TRIED_MOST 16

/* The branch's own come first, then as they are sorted. */
static const struct rq_replay *nth_replay(const struct rq_item *item, const char *branch,
					  size_t n)
{
	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < item->replays.n + item->earlier.n; i++) {
			const struct rq_replay *one =
				i < item->replays.n
					? &item->replays.v[i]
					: &item->earlier.v[i - item->replays.n];

			if ((strcmp(one->of->branch, branch) == 0) == own && n-- == 0)
				return one;
		}
	return NULL;
}

static void tell_carried(struct rq_conflict *out, const struct rq_replay *replay)
{
	out->carried = rq_xstrdup(replay->of->path);
	out->carried_from = rq_xasprintf("%s by %s", replay->of->branch, replay->of->who);
	out->note = rq_xstrdup(replay->of->note);
}

/*
 * A resolution that leaves no more to do than the patch itself is where the hand starts.  What cannot
 * be carried at all is no error: the patch is there.
 */
static int carry(struct looking *l, struct rq_marked_files *plain, struct rq_image *image,
		 struct rq_err *err)
{
	size_t least = count_marks(plain);
	struct rq_marked_files best = { 0 };
	const struct rq_replay *from = NULL, *one;
	int rc = 0;

	for (size_t n = 0; n < TRIED_MOST && (one = nth_replay(l->item, l->branch, n));
	     n++) {
		struct rq_marked_files carried = { 0 };
		struct rq_err ignored;
		/* Without the earlier version its resolution would hide what is new. */
		bool told = !one->earlier || (one->was && one->offers);
		bool good = told && rq_carry_marked(&carried, image, one, l->branch,
						    &ignored) == 0;
		size_t marks = count_marks(&carried);

		if (good && carried.v.n && marks <= least && (!from || marks < least)) {
			rq_marked_files_release(&best);
			best = carried;
			from = one;
			least = marks;
			continue;
		}
		rq_marked_files_release(&carried);
	}
	if (from)
		rc = put_carried(plain, &best, image, from, err);
	if (from && !rc)
		tell_carried(l->out, from);
	rq_marked_files_release(&best);
	return rc;
}

static int look(struct rq_image *image, struct rq_image *source, void *ctx,
		struct rq_err *err)
{
	struct looking *l = ctx;
	struct rq_mark_options options = { .source = source,
					   .our_name = l->branch,
					   .their_name = l->item->name };
	struct rq_marked_files marked = { 0 };
	taken_offers taken = { 0 };
	int rc = find_taken(&taken, l, err);

	options.taken = taken.v;
	options.n_taken = taken.n;
	if (!rc)
		rc = rq_image_mark(&marked, image, l->item->patch, &options, err);

	if (!rc && !taken.n)
		rc = carry(l, &marked, image, err);
	for (size_t i = 0; i < marked.v.n && !rc; i++)
		rc = add_file(l, image, marked.v.v[i].path, &marked.v.v[i], err);
	for (size_t i = 0; l->more && i < l->more->v.n && !rc; i++)
		if (!has_file(l->out, l->more->v.v[i]))
			rc = add_file(l, image, l->more->v.v[i], NULL, err);
	rq_marked_files_release(&marked);
	rq_vec_release(&taken);
	return rc;
}

/* The walk has stopped at its first failure, the record's last entry. */
static void describe(struct rq_conflict *out, struct rq_task *task)
{
	struct rq_branch_record *record = task->record;
	struct rq_entry_record *last =
		record->entries.n ? &record->entries.v[record->entries.n - 1] : NULL;
	const struct rq_item *item;
	size_t size;
	FILE *text;

	out->base_tree = record->base_tree;
	if (!last || rq_outcome_colour(last->outcome) != RQ_RED)
		return;
	item = task->items[record->entries.n - 1];
	out->entry = rq_xstrdup(last->patch);
	out->why = rq_xstrdup(last->message ? last->message
					    : rq_outcome_word(last->outcome));
	text = open_memstream(&out->shown, &size);
	rq_report_conflicts(text, last, record->branch, false);
	fclose(text);
	out->by_hand = !item->rule && last->outcome == RQ_CONFLICT;
	rq_change_of(&out->change, item->patch);
	rq_hunk_changes_of(&out->hunks, item->patch);
	rq_was_print(&out->was, item->patch);
	out->tried = *last;
	*last = (struct rq_entry_record){ 0 };
	out->tried.resolved = NULL;
}

int rq_queue_conflict(struct rq_conflict *out, const struct rq_series *series,
		      const char *branch, const struct rq_names *more,
		      const struct rq_port_options *options, struct rq_err *err)
{
	char *names[] = { (char *)branch };
	struct rq_record record = { 0 };
	struct rq_tasks tasks = { 0 };
	int rc = rq_tasks_load(&tasks, &record, series, names, 1, options, err);

	tasks.port.jobs = options->jobs;
	if (!rc)
		rc = rq_branch_look(tasks.v, series->entries.n, NULL, NULL, err);
	if (!rc)
		describe(out, tasks.v);
	if (!rc && out->by_hand) {
		size_t n = record.branches.v[0].entries.n - 1;
		struct looking l = { .out = out,
				     .more = more,
				     .item = tasks.v->items[n],
				     .branch = branch,
				     .ids = options->taken };

		/* Once more up to it: the source tree is a patch further by now. */
		rq_branch_record_release(tasks.v->record);
		tasks.v->record->branch = rq_xstrdup(branch);
		rc = rq_branch_look(tasks.v, n, look, &l, err);
	}
	rq_record_release(&record);
	rq_tasks_release(&tasks);
	return rc;
}

void rq_conflict_release(struct rq_conflict *conflict)
{
	for (size_t i = 0; i < conflict->files.n; i++) {
		free(conflict->files.v[i].path);
		rq_str_release(&conflict->files.v[i].before);
		rq_str_release(&conflict->files.v[i].text);
	}
	rq_vec_release(&conflict->files);
	rq_hunk_changes_release(&conflict->hunks);
	rq_str_release(&conflict->was);
	free(conflict->carried);
	free(conflict->carried_from);
	free(conflict->note);
	rq_entry_release(&conflict->tried);
	free(conflict->entry);
	free(conflict->why);
	free(conflict->shown);
	*conflict = (struct rq_conflict){ 0 };
}
