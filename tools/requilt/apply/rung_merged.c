// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three-way merge of one file: what the patch did to its own source is merged into the
 * branch's file.  Clean merges only; markers never reach a branch.
 */
#include "apply/apply_internal.h"

static enum rq_answer try_merged(struct rq_job *job, struct rq_err *err)
{
	struct rq_str base = { 0 }, ours = { 0 }, theirs = { 0 }, merged = { 0 };
	bool clean = false;
	int rc;

	if (!job->source_before || !job->source_after ||
	    job->source_before->mode == RQ_MODE_NONE)
		return RQ_NOT_MINE;
	rq_file_bytes(job->source_before, &base);
	rq_file_bytes(job->file, &ours);
	rq_file_bytes(job->source_after, &theirs);
	rc = rq_merge_file(&(struct rq_merge){ .base = rq_str_slice(&base),
					       .ours = rq_str_slice(&ours),
					       .theirs = rq_str_slice(&theirs) },
			   &merged, &clean, err);
	if (!rc && clean) {
		job->whole = true;
		job->whole_rung = RQ_MERGED;
		if (rq_slice_eq(rq_str_slice(&merged), rq_str_slice(&ours)))
			job->whole_rung = RQ_PRESENT;
		job->whole_text = merged;
		merged = (struct rq_str){ 0 };
	}
	rq_str_release(&base);
	rq_str_release(&ours);
	rq_str_release(&theirs);
	rq_str_release(&merged);
	if (rc)
		return RQ_FAILED;
	return clean ? RQ_DONE : RQ_NOT_MINE;
}

const struct rq_rung rq_rung_merged = {
	.name = "merged",
	.help = "clean three-way merge against the tree the patch was made for",
	.try = try_merged,
};
