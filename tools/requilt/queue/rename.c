// SPDX-License-Identifier: GPL-2.0-only
/*
 * An entry under another name.  Refuses what would write over a file, or take up a variant that somebody
 * left under that name.
 */
#include "queue/entries.h"

#include <sys/stat.h>

#include "emit/emit.h"
#include "queue/queue.h"
#include "util/file.h"
#include "util/path.h"

struct renaming {
	struct rq_plan *plan;
	const struct rq_entries *all;
	const char *from, *to;
	bool by_hand; /* the series, or the file, has the new name already */
};

static const char *fate_of(const char *branch, const char *entry, void *ctx)
{
	const struct renaming *r = ctx;

	(void)branch;
	return strcmp(entry, r->from) == 0 ? r->to : entry;
}

/* Of a rebase, whose entries are called as port calls them. */
static int plan_rebased(struct renaming *r, const char *queue, struct rq_err *err)
{
	_cleanup_free_ char *name = rq_rebase_name(queue);
	_cleanup_free_ char *from = rq_emit_name(queue, r->from);
	_cleanup_free_ char *to = rq_emit_name(queue, r->to);
	struct renaming emitted = { .from = from, .to = to };
	const struct rq_record_fate fate = { name, name, fate_of, &emitted };

	return rq_plan_resolutions(r->plan, r->all, &fate, err);
}

/* Two entries of a queue must not become one patch of a branch's series. */
static int check_emitted(const struct rq_str *series, const char *queue, const char *to,
			 struct rq_err *err)
{
	_cleanup_free_ char *name = rq_emit_name(queue, to);
	struct rq_slice rest = rq_str_slice(series), line;

	while (rq_slice_next_line(&rest, &line)) {
		struct rq_slice word = rq_slice_next_word(&line);
		_cleanup_free_ char *entry = rq_xstrndup(word.p, word.n);
		_cleanup_free_ char *other = rq_emit_name(queue, entry);

		if (word.n && word.p[0] != '#' && strcmp(entry, to) != 0 &&
		    strcmp(other, name) == 0)
			return rq_err_set(err, RQ_EFORMAT,
					  "%s: %s has that name in the series of "
					  "branches; take another",
					  to, entry);
	}
	return 0;
}

static int plan_series(struct renaming *r, const char *queue, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 }, now = { 0 };
	_cleanup_free_ char *path = rq_xasprintf("series/%s.series", queue);
	_cleanup_(rq_names_release) struct rq_names fresh = { 0 };
	int rc = rq_entries_read(&bytes, r->all, queue, "series", err);
	long line = rq_series_line(rq_str_slice(&bytes), r->from);

	if (rc || !line)
		return rc;
	rq_series_rename(&now, rq_str_slice(&bytes), line, r->to);
	rq_names_add(&fresh, rq_slice_of(r->to));
	rc = rq_series_check(&now, &fresh, r->all->root, queue, r->all->branches, err);
	if (!rc)
		rc = check_emitted(&now, queue, r->to, err);
	if (rc)
		return rc;
	rq_plan_say(r->plan, "%s:%ld: %s -> %s", path, line, r->from, r->to);
	rq_plan_put(r->plan, path, &now);
	return 0;
}

/* A link that leads somewhere from here leads elsewhere from another directory. */
static bool would_break(const char *path, const char *from, const char *to)
{
	_cleanup_free_ char *before = rq_path_parent(from), *after = rq_path_parent(to);
	struct stat st;

	return strcmp(before, after) != 0 && lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static int plan_file(struct renaming *r, const char *from, const char *to,
		     struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(r->all->root, from);
	_cleanup_free_ char *target = rq_path_join(r->all->root, to);
	bool there = rq_file_exists(path);

	if (r->by_hand && (!there || rq_file_exists(target)))
		return 0;
	if (rq_file_exists(target))
		return rq_err_set(err, RQ_EFORMAT, "%s: is there; move it away", target);
	if (!there)
		return 0;
	if (would_break(path, from, to))
		return rq_err_set(err, RQ_EFORMAT,
				  "%s: a link; it cannot go to another directory", path);
	rq_plan_say(r->plan, "%s -> %s", from, to);
	rq_plan_move(r->plan, from, to);
	return 0;
}

static bool moved_by_hand(const struct renaming *r, const char *from, const char *to)
{
	_cleanup_free_ char *path = rq_path_join(r->all->root, from);
	_cleanup_free_ char *target = rq_path_join(r->all->root, to);

	return !rq_file_exists(path) && rq_file_exists(target);
}

static int plan_files(struct renaming *r, struct rq_err *err)
{
	_cleanup_(rq_names_release) struct rq_names from = { 0 }, to = { 0 };
	int rc = 0;

	rq_series_files(&from, r->from, r->all->branches);
	rq_series_files(&to, r->to, r->all->branches);
	r->by_hand = r->by_hand || moved_by_hand(r, from.v.v[0], to.v.v[0]);
	for (size_t i = 0; i < from.v.n && !rc; i++)
		if (!i || !rq_entries_have_file(r->all, from.v.v[i]))
			rc = plan_file(r, from.v.v[i], to.v.v[i], err);
	return rc;
}

static int check_name(const char *from, const char *to, struct rq_err *err)
{
	const char *unsafe = rq_series_name_unsafe(rq_slice_of(to));
	const char *ending =
		rq_slice_ends(rq_slice_of(from), ".cocci") ? ".cocci" : ".patch";

	if (unsafe)
		return rq_err_set(err, RQ_EUNSAFE, "the name '%s' %s", to, unsafe);
	if (!rq_slice_ends(rq_slice_of(to), ending))
		return rq_err_set(err, RQ_EFORMAT, "the name '%s' has to end in %s", to,
				  ending);
	if (strpbrk(to, " \t"))
		return rq_err_set(err, RQ_EFORMAT, "the name '%s' has a blank", to);
	if (strcmp(from, to) == 0)
		return rq_err_set(err, RQ_EFORMAT, "%s has that name already", from);
	return 0;
}

static int check_queue(struct renaming *r, const char *queue, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	int rc = rq_entries_read(&bytes, r->all, queue, "series", err);
	long new_line = rq_series_line(rq_str_slice(&bytes), r->to);

	if (rc || rq_series_line(rq_str_slice(&bytes), r->from)) {
		if (!rc && new_line)
			rc = rq_err_set(err, RQ_EFORMAT,
					"series/%s.series:%ld: has %s; take another name",
					queue, new_line, r->to);
		return rc;
	}
	r->by_hand = new_line > 0;
	return r->by_hand ? 0
			  : rq_err_set(err, RQ_EFORMAT,
				       "series/%s.series: has neither %s nor %s", queue,
				       r->from, r->to);
}

int rq_plan_rename(struct rq_plan *plan, const struct rq_entries *all, const char *queue,
		   const char *from, const char *to, struct rq_err *err)
{
	struct renaming r = { .plan = plan, .all = all, .from = from, .to = to };
	int rc = check_name(from, to, err);

	if (!rc)
		rc = check_queue(&r, queue, err);
	for (size_t i = 0; i < all->queues->v.n && !rc; i++) {
		const char *name = all->queues->v.v[i];
		const struct rq_record_fate fate = { name, name, fate_of, &r };

		rc = rq_entries_check_closed(all, name, from, err);
		if (!rc)
			rc = plan_series(&r, name, err);
		if (!rc)
			rc = rq_plan_records(plan, all, &fate, err);
		if (!rc)
			rc = plan_rebased(&r, name, err);
	}
	return rc ? rc : plan_files(&r, err);
}
