// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of the earlier version, whose ids held no place and no message: written again where they are
 * still about the same change.  Never accepts or resolves anything that nobody had.
 */
#include "queue/queue_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define WAITS                                                                            \
	"not judged, as its branch is red; its line stays and counts for nothing until " \
	"it is renewed"

static void tell(struct rq_renewals *out, char *what, const char *why)
{
	*rq_vec_push(&out->v) = (struct rq_renewal){
		.what = what,
		.became = why ? why : "renewed",
		.how = why ? RQ_RENEWAL_DROPPED : RQ_RENEWED,
	};
}

/* The patch, the common one or a branch's own, that the resolution is of. */
static const struct rq_patch *find_patch(const struct rq_tasks *tasks,
					 const struct rq_resolution *one)
{
	for (size_t t = 0; t < tasks->n; t++)
		for (size_t i = 0; i < tasks->port.series->entries.n; i++) {
			const struct rq_item *item = tasks->v[t].items[i];
			struct rq_oid id;

			if (item->rule || strcmp(item->name, one->entry) != 0)
				continue;
			rq_change_of_1(&id, item->patch);
			if (rq_oid_eq(&id, &one->change))
				return item->patch;
		}
	return NULL;
}

static int renew_resolution(struct rq_renewals *out, const struct rq_tasks *tasks,
			    struct rq_resolution *one, struct rq_err *err)
{
	const struct rq_patch *patch = find_patch(tasks, one);
	_cleanup_free_ char *old = rq_xstrdup(one->path);
	int rc;

	if (patch) {
		rq_change_of(&one->change, patch);
		rq_hunk_changes_of(&one->hunks, patch);
		rq_was_print(&one->was, patch);
	}
	rc = rq_resolution_write(one, tasks->port.options->root, tasks->port.series->name,
				 err);
	if (rc)
		return rc;
	if (strcmp(old, one->path) != 0 && unlink(old) && errno != ENOENT)
		return rq_err_errno(err, "%s", old);
	tell(out, rq_xstrdup(one->path),
	     patch ? NULL : "stale: the patch is another one now");
	if (patch)
		out->v.v[out->v.n - 1].became =
			"renewed; read it, nothing showed edits before";
	return 0;
}

static int renew_resolutions(struct rq_renewals *out, struct rq_tasks *tasks,
			     struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < tasks->resolutions.v.n && !rc; i++)
		if (tasks->resolutions.v.v[i].version_1)
			rc = renew_resolution(out, tasks, &tasks->resolutions.v.v[i],
					      err);
	return rc;
}

static const struct rq_entry_record *find_entry(const struct rq_branch_record *branch,
						const char *name)
{
	for (size_t i = 0; i < branch->entries.n; i++)
		if (strcmp(branch->entries.v[i].patch, name) == 0)
			return &branch->entries.v[i];
	return NULL;
}

/* Whether the earlier version's id of what is emitted for the entry is the review's. */
static bool is_of(const struct rq_review *review, const struct rq_task *task,
		  const struct rq_outputs *outputs)
{
	_cleanup_free_ char *name = rq_task_patch_name(task, review->entry);
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	struct rq_err ignored;
	struct rq_oid id;

	for (size_t i = 0; i < outputs->v.n && !patch; i++)
		if (strcmp(outputs->v.v[i].name, name) == 0 &&
		    rq_patch_parse_copy(&patch, name,
					rq_str_slice(&outputs->v.v[i].bytes),
					&RQ_PATCH_DEFAULTS, &ignored))
			return false;
	rq_change_of_1(&id, patch);
	return patch && rq_oid_eq(&id, &review->id);
}

/* Gives the review its new id; else says why it holds no longer. */
static const char *renew_review(struct rq_review *review, const struct rq_task *task,
				const struct rq_outputs *outputs)
{
	const struct rq_entry_record *entry = find_entry(task->record, review->entry);

	if (rq_branch_colour(task->record) == RQ_RED)
		return WAITS;
	if (!entry)
		return "its entry is gone";
	if (rq_oid_is_zero(&entry->change))
		return "nothing of it is yellow";
	if (!is_of(review, task, outputs))
		return "the change is another one now";
	review->id = entry->change;
	review->version_1 = false;
	return NULL;
}

/* An environment that cannot say what the branch gives is no reason to lose a record. */
static int check_tools(const struct rq_branch_record *record, struct rq_err *err)
{
	for (size_t i = 0; i < record->entries.n; i++)
		if (record->entries.v[i].no_tool)
			return rq_err_set(err, RQ_ETOOL, "%s on %s: %s",
					  record->entries.v[i].patch, record->branch,
					  record->entries.v[i].message);
	return 0;
}

static void tell_review(struct rq_renewals *out, struct rq_review *one, const char *why)
{
	tell(out,
	     rq_xasprintf("%s %s, accepted by %s", one->branch, one->entry, one->who),
	     why);
	if (why && strcmp(why, WAITS) == 0)
		out->v.v[out->v.n - 1].how = RQ_RENEWAL_WAITS;
	else if (why)
		one->id = (struct rq_oid){ 0 };
}

static bool has_old(const struct rq_reviews *reviews, const char *branch)
{
	for (size_t i = 0; i < reviews->v.n; i++)
		if (reviews->v.v[i].version_1 &&
		    (!branch || strcmp(reviews->v.v[i].branch, branch) == 0))
			return true;
	return false;
}

/* Those of the branch's reviews that do not hold get the zero id. */
static int renew_branch(struct rq_renewals *out, struct rq_reviews *reviews,
			struct rq_task *task, struct rq_err *err)
{
	struct rq_outputs outputs = { 0 };
	int rc = has_old(reviews, task->branch->name)
			 ? rq_branch_again(&outputs, task, err)
			 : 0;

	if (!rc)
		rc = check_tools(task->record, err);
	for (size_t i = 0; i < reviews->v.n && !rc; i++) {
		struct rq_review *one = &reviews->v.v[i];

		if (one->version_1 && strcmp(one->branch, task->branch->name) == 0)
			tell_review(out, one, renew_review(one, task, &outputs));
	}
	rq_outputs_release(&outputs);
	return rc;
}

static int renew_reviews(struct rq_renewals *out, struct rq_tasks *tasks,
			 struct rq_err *err)
{
	struct rq_reviews *reviews = &tasks->reviews;
	int rc = 0;

	for (size_t i = 0; i < tasks->n && !rc; i++)
		rc = renew_branch(out, reviews, &tasks->v[i], err);
	for (size_t i = 0; i < reviews->v.n && !rc; i++) {
		struct rq_review *one = &reviews->v.v[i];

		if (one->version_1 &&
		    !rq_branches_find(tasks->port.options->branches, one->branch))
			tell_review(out, one, "its branch is gone");
	}
	return rc;
}

int rq_queue_renew(struct rq_renewals *out, const struct rq_series *series,
		   const struct rq_port_options *options, struct rq_err *err)
{
	struct rq_record record = { 0 };
	struct rq_tasks tasks = { 0 };
	int rc = rq_tasks_load(&tasks, &record, series, NULL, 0, options, err);
	bool any = !rc && has_old(&tasks.reviews, NULL);

	tasks.port.jobs = options->jobs;
	if (any)
		rc = renew_reviews(out, &tasks, err);
	if (!rc)
		rc = renew_resolutions(out, &tasks, err);
	if (!rc && any)
		rc = rq_reviews_write(&tasks.reviews, options->root, series->name, err);
	rq_record_forget_patches(&record);
	rq_tasks_release(&tasks);
	rq_record_release(&record);
	return rc;
}

void rq_renewals_release(struct rq_renewals *renewals)
{
	for (size_t i = 0; i < renewals->v.n; i++)
		free(renewals->v.v[i].what);
	rq_vec_release(&renewals->v);
}
