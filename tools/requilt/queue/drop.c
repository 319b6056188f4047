// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries that go, with what belongs to them alone.
 */
#include "queue/entries.h"

#include <stdlib.h>

#include "util/file.h"
#include "util/path.h"

static const char *fate_of(const char *branch, const char *entry, void *ctx)
{
	(void)branch;
	return rq_names_have(ctx, rq_slice_of(entry)) ? NULL : entry;
}

static int plan_series(struct rq_plan *plan, const struct rq_entries *all,
		       const char *queue, const struct rq_names *entries,
		       struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 }, now = { 0 };
	_cleanup_free_ char *path = rq_xasprintf("series/%s.series", queue);
	_cleanup_free_ long *lines = rq_xcalloc(entries->v.n, sizeof(*lines));
	int rc = rq_entries_read(&bytes, all, queue, "series", err);

	for (size_t i = 0; i < entries->v.n && !rc; i++) {
		lines[i] = rq_series_line(rq_str_slice(&bytes), entries->v.v[i]);
		rq_plan_say(plan, "%s:%ld: %s: removed", path, lines[i], entries->v.v[i]);
	}
	if (rc)
		return rc;
	rq_series_take_out(&now, rq_str_slice(&bytes), lines, entries->v.n);
	rq_plan_put(plan, path, &now);
	return 0;
}

/* Whether another queue names the entry. */
static bool is_shared(const struct rq_entries *all, const char *queue, const char *entry)
{
	struct rq_err ignored;

	for (size_t i = 0; i < all->queues->v.n; i++) {
		const char *other = all->queues->v.v[i];
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };

		if (strcmp(other, queue) != 0 &&
		    rq_entries_read(&bytes, all, other, "series", &ignored) == 0 &&
		    rq_series_line(rq_str_slice(&bytes), entry))
			return true;
	}
	return false;
}

static void plan_files(struct rq_plan *plan, const struct rq_entries *all,
		       const char *entry)
{
	_cleanup_(rq_names_release) struct rq_names files = { 0 };

	rq_series_files(&files, entry, all->branches);
	for (size_t i = 0; i < files.v.n; i++) {
		_cleanup_free_ char *path = rq_path_join(all->root, files.v.v[i]);

		if (!rq_file_exists(path) ||
		    (i && rq_entries_have_file(all, files.v.v[i])))
			continue;
		rq_plan_say(plan, "%s: removed", files.v.v[i]);
		rq_plan_remove(plan, files.v.v[i]);
	}
}

int rq_plan_drop(struct rq_plan *plan, const struct rq_entries *all, const char *queue,
		 const struct rq_names *entries, struct rq_err *err)
{
	const struct rq_record_fate fate = { queue, queue, fate_of, (void *)entries };
	int rc = 0;

	for (size_t i = 0; i < entries->v.n && !rc; i++)
		rc = rq_entries_check_closed(all, queue, entries->v.v[i], err);
	if (!rc)
		rc = plan_series(plan, all, queue, entries, err);
	if (!rc)
		rc = rq_plan_records(plan, all, &fate, err);
	for (size_t i = 0; i < entries->v.n && !rc; i++)
		if (!is_shared(all, queue, entries->v.v[i]))
			plan_files(plan, all, entries->v.v[i]);
	return rc;
}
