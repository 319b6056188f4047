// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue under another name, with all that has the name: directories, records, outputs, refs, its section
 * of branches.conf, and the lines of other queues that take entries of it.
 */
#include "queue/entries.h"

#include <stdlib.h>

#include "queue/portref.h"
#include "queue/queue.h"
#include "util/file.h"
#include "util/path.h"

struct renaming {
	struct rq_plan *plan;
	const struct rq_entries *all;
	const char *from, *to;
	char *name; /* of the entry asked for last */
};

/* "old/x.patch" is "new/x.patch"; what is in another directory stays. */
static const char *fate_of(const char *branch, const char *entry, void *ctx)
{
	struct renaming *r = ctx;
	size_t n = strlen(r->from);

	(void)branch;
	if (strncmp(entry, r->from, n) != 0 || entry[n] != '/')
		return entry;
	free(r->name);
	r->name = rq_xasprintf("%s%s", r->to, entry + n);
	return r->name;
}

static const char *same_entry(const char *branch, const char *entry, void *ctx)
{
	(void)branch;
	(void)ctx;
	return entry;
}

/* A series with the new names; *changes says whether it is another. */
static void rename_lines(struct rq_str *out, struct rq_names *fresh, bool *changes,
			 struct renaming *r, struct rq_slice bytes)
{
	struct rq_slice line;

	while (rq_slice_next_line(&bytes, &line)) {
		struct rq_slice rest = line, word = rq_slice_next_word(&rest);
		_cleanup_free_ char *entry = rq_xstrndup(word.p, word.n);
		const char *now = line.p[0] == '#' ? entry : fate_of(NULL, entry, r);

		if (strcmp(now, entry) == 0) {
			rq_str_add_slice(out, line);
			continue;
		}
		*changes = true;
		rq_names_add(fresh, rq_slice_of(now));
		rq_str_adds(out, now);
		rq_str_add(out, word.p + word.n,
			   line.n - (size_t)(word.p + word.n - line.p));
	}
}

static int plan_series(struct renaming *r, const char *queue, const char *to,
		       struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 }, now = { 0 };
	_cleanup_(rq_names_release) struct rq_names fresh = { 0 };
	_cleanup_free_ char *old = rq_xasprintf("series/%s.series", queue);
	_cleanup_free_ char *new = rq_xasprintf("series/%s.series", to);
	bool changes = queue != to;
	int rc = rq_entries_read(&bytes, r->all, queue, "series", err);

	if (rc)
		return rc;
	rename_lines(&now, &fresh, &changes, r, rq_str_slice(&bytes));
	if (!changes)
		return 0;
	rc = rq_series_check(&now, &fresh, r->all->root, to, r->all->branches, err);
	if (rc)
		return rc;
	rq_plan_say(r->plan, "%s%s%s: %zu entries", old, queue != to ? " -> " : "",
		    queue != to ? new : "", fresh.v.n);
	rq_plan_put(r->plan, new, &now);
	if (queue != to)
		rq_plan_remove(r->plan, old);
	return 0;
}

static int plan_records(struct renaming *r, const char *queue, const char *to,
			struct rq_err *err)
{
	_cleanup_free_ char *rebase = rq_rebase_name(queue);
	_cleanup_free_ char *rebase_to = rq_rebase_name(to);
	const struct rq_record_fate fate = { queue, to, fate_of, r };
	const struct rq_record_fate rebased = { rebase, rebase_to, same_entry, r };
	int rc = rq_plan_records(r->plan, r->all, &fate, err);

	return rc ? rc : rq_plan_resolutions(r->plan, r->all, &rebased, err);
}

/* One of the directories, or a file, that has the queue's name. */
static int plan_path(struct renaming *r, const char *top, const char *ending,
		     struct rq_err *err)
{
	_cleanup_free_ char *from = rq_xasprintf("%s/%s%s", top, r->from, ending);
	_cleanup_free_ char *to = rq_xasprintf("%s/%s%s", top, r->to, ending);
	_cleanup_free_ char *path = rq_path_join(r->all->root, from);
	_cleanup_free_ char *target = rq_path_join(r->all->root, to);

	if (rq_file_exists(target))
		return rq_err_set(err, RQ_EFORMAT, "%s: is there; move it away", target);
	if (!rq_file_exists(path))
		return 0;
	rq_plan_say(r->plan, "%s -> %s", from, to);
	rq_plan_move(r->plan, from, to);
	return 0;
}

/* Of these the records are planned one by one. */
static int check_free(const struct renaming *r, const char *ending, struct rq_err *err)
{
	_cleanup_free_ char *path =
		rq_xasprintf("%s/series/%s%s", r->all->root, r->to, ending);

	return rq_file_exists(path)
		       ? rq_err_set(err, RQ_EFORMAT, "%s: is there; move it away", path)
		       : 0;
}

static bool is_section(struct rq_slice line, const char *queue)
{
	_cleanup_free_ char *head = rq_xasprintf("[queue \"%s\"]", queue);
	struct rq_slice text = rq_slice_trim(line);

	return rq_slice_starts(text, head);
}

static int plan_conf(struct renaming *r, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 }, now = { 0 };
	struct rq_slice rest, line;
	bool changes = false;
	int rc = rq_file_read(&bytes, r->all->branches->path, err);

	rest = rq_str_slice(&bytes);
	while (!rc && rq_slice_next_line(&rest, &line)) {
		size_t at =
			strlen("[queue \"") + (size_t)(rq_slice_trim(line).p - line.p);

		if (!is_section(line, r->from)) {
			rq_str_add_slice(&now, line);
			continue;
		}
		changes = true;
		rq_str_add(&now, line.p, at);
		rq_str_adds(&now, r->to);
		at += strlen(r->from);
		rq_str_add(&now, line.p + at, line.n - at);
	}
	if (rc || !changes)
		return rc;
	rq_plan_say(r->plan, "series/branches.conf: [queue \"%s\"]", r->to);
	rq_plan_put(r->plan, "series/branches.conf", &now);
	return 0;
}

static int plan_ref(const char *ref, const struct rq_oid *oid, void *ctx)
{
	struct renaming *r = ctx;
	_cleanup_free_ char *ours = rq_xasprintf("refs/heads/requilt/%s/", r->from);
	_cleanup_free_ char *to = NULL;

	if (strncmp(ref, ours, strlen(ours)) != 0 ||
	    !rq_port_ref_is_ours(r->all->root, ref + strlen("refs/heads/requilt/"), oid))
		return 0;
	to = rq_xasprintf("refs/heads/requilt/%s/%s", r->to, ref + strlen(ours));
	rq_plan_say(r->plan, "%s -> %s", ref, to);
	rq_plan_ref(r->plan, ref, oid, to);
	return 0;
}

static int plan_refs(struct renaming *r, const char *repo_path, struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	int rc = repo_path ? rq_repo_open(&repo, repo_path, err) : RQ_ENOTFOUND;

	if (rc)
		return rc == RQ_ENOTFOUND ? 0 : rc;
	return rq_ref_each(repo, plan_ref, r, err);
}

int rq_plan_queue_rename(struct rq_plan *plan, const struct rq_entries *all,
			 const char *from, const char *to, const char *repo_path,
			 struct rq_err *err)
{
	static const struct {
		const char *top, *ending;
	} paths[] = { { "patches", "" },
		      { "cocci", "" },
		      { "series", "" },
		      { "series", ".description" } };
	static const char *const endings[] = { ".series", ".reviewed", ".resolved",
					       ".rebase.resolved" };
	struct renaming r = { .plan = plan, .all = all, .from = from, .to = to };
	int rc = rq_entries_check_closed(all, from, NULL, err);

	for (size_t i = 0; i < ARRAY_SIZE(endings) && !rc; i++)
		rc = check_free(&r, endings[i], err);
	for (size_t i = 0; i < all->queues->v.n && !rc; i++) {
		const char *queue = all->queues->v.v[i];
		const char *now = strcmp(queue, from) == 0 ? to : queue;

		rc = plan_series(&r, queue, now, err);
		if (!rc)
			rc = plan_records(&r, queue, now, err);
	}
	for (size_t i = 0; i < ARRAY_SIZE(paths) && !rc; i++)
		rc = plan_path(&r, paths[i].top, paths[i].ending, err);
	if (!rc)
		rc = plan_conf(&r, err);
	if (!rc)
		rc = plan_refs(&r, repo_path, err);
	free(r.name);
	return rc;
}
