// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a record says of a hunk, as a sentence.
 */
#include "record/record.h"

bool rq_hunk_says(const struct rq_hunk_record *hunk)
{
	return hunk->why || hunk->lacks.n;
}

void rq_lack_print(struct rq_str *out, const struct rq_lack *lack, const char *branch)
{
	switch (lack->kind) {
	case RQ_LACK_CALL:
		rq_str_addf(out, "adds a call of %s(), which %s does not have",
			    lack->name, branch);
		return;
	case RQ_LACK_MEMBER:
		rq_str_addf(out, "adds a use of the member %s, which %s does not have",
			    lack->name, branch);
		return;
	case RQ_LACK_ARGUMENTS:
		rq_str_addf(out, "calls %s() with %ld argument%s, it takes %ld at %s",
			    lack->name, lack->given, lack->given == 1 ? "" : "s",
			    lack->takes, lack->place);
		return;
	default:
		rq_str_adds(out, "too many names are in doubt: not all of what it adds "
				 "was looked for; split the patch");
	}
}

void rq_hunk_print(struct rq_str *out, const struct rq_hunk_record *hunk,
		   const char *branch)
{
	size_t before = out->len;

	if (hunk->why)
		rq_reason_print(out, hunk->why);
	for (size_t i = 0; i < hunk->lacks.n; i++) {
		rq_str_adds(out, out->len > before ? "; " : "");
		rq_lack_print(out, &hunk->lacks.v[i], branch);
		if (i + 1 == RQ_LACKS_NAMED)
			rq_str_adds(out, "; what else it may lack is not named");
	}
}
