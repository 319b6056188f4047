// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record of a verification: its words and its memory.  Judges nothing.
 */
#include "record/verified.h"

#include <stdlib.h>

static const char *const words[RQ_VERDICTS] = {
	[RQ_VERDICT_OK] = "ok",
	[RQ_VERDICT_IDLE] = "-",
	[RQ_VERDICT_WARNINGS] = "warnings",
	[RQ_VERDICT_FAILED] = "failed",
	[RQ_VERDICT_UNSEEN] = "unseen",
};

const char *rq_verdict_word(enum rq_verdict verdict)
{
	return words[verdict];
}

enum rq_verdict rq_verified_verdict(const struct rq_verified_branch *branch)
{
	enum rq_verdict worst = RQ_VERDICT_OK;

	if (branch->failure)
		return RQ_VERDICT_FAILED;
	if (branch->boot && !rq_booted_well(branch->boot))
		return RQ_VERDICT_FAILED;
	for (size_t i = 0; i < branch->entries.n; i++) {
		enum rq_verdict one = branch->entries.v[i].verdict;

		if (one == RQ_VERDICT_FAILED)
			return one;
		if (one == RQ_VERDICT_WARNINGS)
			worst = one;
	}
	return worst;
}

void rq_diag_copy(struct rq_diag *out, const struct rq_diag *diag)
{
	*out = *diag;
	out->object = rq_xstrdup(diag->object);
	out->file = rq_xstrdup(diag->file);
	out->text = rq_xstrdup(diag->text);
	memset(&out->details, 0, sizeof(out->details));
	for (size_t i = 0; i < diag->details.n; i++)
		*rq_vec_push(&out->details) = rq_xstrdup(diag->details.v[i]);
}

void rq_diag_release(struct rq_diag *diag)
{
	free(diag->object);
	free(diag->file);
	free(diag->text);
	for (size_t i = 0; i < diag->details.n; i++)
		free(diag->details.v[i]);
	rq_vec_release(&diag->details);
	*diag = (struct rq_diag){ 0 };
}

void rq_diags_release(struct rq_diags *diags)
{
	for (size_t i = 0; i < diags->v.n; i++)
		rq_diag_release(&diags->v.v[i]);
	rq_vec_release(&diags->v);
}

static void release_entry(struct rq_verified_entry *entry)
{
	free(entry->patch);
	rq_names_release(&entry->off);
	rq_diags_release(&entry->fresh);
	if (entry->failure)
		rq_diag_release(entry->failure);
	free(entry->failure);
}

void rq_verified_branch_release(struct rq_verified_branch *branch)
{
	for (size_t i = 0; i < branch->entries.n; i++)
		release_entry(&branch->entries.v[i]);
	rq_vec_release(&branch->entries);
	rq_names_release(&branch->unchecked);
	rq_booted_free(branch->boot);
	free(branch->branch);
	free(branch->version);
	free(branch->config);
	free(branch->compiler);
	free(branch->checker);
	free(branch->failure);
}

void rq_verified_release(struct rq_verified *verified)
{
	for (size_t i = 0; i < verified->branches.n; i++)
		rq_verified_branch_release(&verified->branches.v[i]);
	rq_vec_release(&verified->branches);
	free(verified->queue);
}
