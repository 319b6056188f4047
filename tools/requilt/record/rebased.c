// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words and the life of a rebase's record.
 */
#include "record/rebased.h"

#include <stdlib.h>

static const char *const words[RQ_REBASE_WORDS] = { "dropped", "refreshed", "unchanged",
						    "conflict" };

const char *rq_rebased_word(enum rq_rebased word)
{
	return words[word];
}

void rq_rebase_release(struct rq_rebase *rebase)
{
	for (size_t i = 0; i < rebase->entries.n; i++) {
		free(rebase->entries.v[i].patch);
		free(rebase->entries.v[i].why);
		free(rebase->entries.v[i].upstream);
	}
	rq_vec_release(&rebase->entries);
	free(rebase->version);
	*rebase = (struct rq_rebase){ 0 };
}
