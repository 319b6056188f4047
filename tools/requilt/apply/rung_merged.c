// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three-way merge of one file: what the patch did to its own source is merged into the
 * branch's file.  Clean merges only; markers never reach a branch.
 */
#include "apply/apply_internal.h"

static enum rq_answer try_merged(struct rq_job *job, struct rq_err *err)
{
	_cleanup_(rq_versions_release) struct rq_versions versions = { 0 };
	struct rq_str merged = { 0 };
	bool clean = false;
	int rc;

	if (!rq_versions_of(&versions, job))
		return RQ_NOT_MINE;
	rc = rq_versions_merge(&merged, &clean, &versions, 0, err);
	if (!rc && clean) {
		job->whole = true;
		job->whole_rung = RQ_MERGED;
		if (rq_slice_eq(rq_str_slice(&merged), rq_str_slice(&versions.ours)))
			job->whole_rung = RQ_PRESENT;
		job->whole_text = merged;
		merged = (struct rq_str){ 0 };
	}
	rq_str_release(&merged);
	if (rc)
		return RQ_FAILED;
	return clean ? RQ_DONE : RQ_NOT_MINE;
}

const struct rq_rung rq_rung_merged = { .try = try_merged };
