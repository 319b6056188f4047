// SPDX-License-Identifier: GPL-2.0-only
/*
 * The records that people made, when an entry gets another name or goes.  No record is judged: one that is
 * stale, or of the earlier version, is kept as it is.
 */
#include "queue/entries.h"

#include <stdlib.h>

#include "resolve/renamed.h"
#include "resolve/resolution.h"
#include "util/file.h"
#include "util/path.h"

static int plan_reviews(struct rq_plan *plan, const struct rq_entries *all,
			const struct rq_record_fate *fate, struct rq_err *err)
{
	_cleanup_free_ char *from = rq_xasprintf("series/%s.reviewed", fate->queue);
	_cleanup_free_ char *to = rq_xasprintf("series/%s.reviewed", fate->to);
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 }, now = { 0 };
	bool moves = strcmp(from, to) != 0;
	int rc = rq_entries_read(&bytes, all, fate->queue, "reviewed", err);
	size_t n = rc ? 0
		      : rq_reviews_rename(&now, rq_str_slice(&bytes), fate->of_entry,
					  fate->ctx);

	if (rc || !bytes.len || (!n && !moves))
		return rc;
	rq_plan_say(plan, "%s%s%s: %zu line%s", from, moves ? " -> " : "",
		    moves ? to : "", n, n == 1 ? "" : "s");
	rq_plan_put(plan, to, &now);
	if (moves)
		rq_plan_remove(plan, from);
	return 0;
}

static int plan_resolution(struct rq_plan *plan, const struct rq_entries *all,
			   const struct rq_record_fate *fate, struct rq_resolution *one,
			   const char *now, struct rq_err *err)
{
	_cleanup_free_ char *from = rq_xasprintf("series/%s.resolved/%s", fate->queue,
						 rq_path_base(one->path));
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 }, renamed = { 0 };
	_cleanup_free_ char *name = NULL, *to = NULL;
	int rc;

	if (!now) {
		rq_plan_say(plan, "%s: removed", from);
		rq_plan_remove(plan, from);
		return 0;
	}
	rc = rq_file_read_within(&bytes, all->root, one->path, err);
	if (rc)
		return rc;
	rq_resolution_rename(&renamed, rq_str_slice(&bytes), now);
	free(one->entry);
	one->entry = rq_xstrdup(now);
	name = rq_resolution_name(one);
	to = rq_xasprintf("series/%s.resolved/%s", fate->to, name);
	rq_plan_say(plan, "%s -> %s", from, to);
	rq_plan_put(plan, to, &renamed);
	if (strcmp(from, to) != 0)
		rq_plan_remove(plan, from);
	return 0;
}

int rq_plan_resolutions(struct rq_plan *plan, const struct rq_entries *all,
			const struct rq_record_fate *fate, struct rq_err *err)
{
	struct rq_resolutions have = { .any_version = true };
	bool moves = strcmp(fate->queue, fate->to) != 0;
	int rc = rq_resolutions_load(&have, all->root, fate->queue, err);

	for (size_t i = 0; i < have.v.n && !rc; i++) {
		struct rq_resolution *one = &have.v.v[i];
		const char *now = fate->of_entry(NULL, one->entry, fate->ctx);

		if (moves || !now || strcmp(now, one->entry) != 0)
			rc = plan_resolution(plan, all, fate, one, now, err);
	}
	rq_resolutions_release(&have);
	return rc;
}

int rq_plan_records(struct rq_plan *plan, const struct rq_entries *all,
		    const struct rq_record_fate *fate, struct rq_err *err)
{
	int rc = plan_reviews(plan, all, fate, err);

	return rc ? rc : rq_plan_resolutions(plan, all, fate, err);
}
