/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who signed the records that people made: git's signature on the commit that last changed each file.
 */
#ifndef REQUILT_QUEUE_SIGNED_H
#define REQUILT_QUEUE_SIGNED_H

#include "util/err.h"
#include "util/vec.h"

/* Of one file; owns its strings. */
struct rq_signature {
	char *record; /* the file, below the queue repository: "series/q.reviewed" */
	char *commit; /* that last changed it; NULL: it is in none */
	char *signer; /* as git names whom the key belongs to; NULL where @why is set */
	char *why;    /* it counts as unsigned; NULL: the signature is good */
};

struct rq_signatures {
	rq_vec(struct rq_signature) v;
};

/*
 * Asks git, as a program, for each record of the queue: the reviewed file, then resolutions, then those of
 * rebases.  Good is what git calls "G", of a file that is as HEAD has it.  What git cannot answer is
 * unsigned, and @why says what git said; codes are RQ_ETOOL and what loading the records gives.
 */
int rq_queue_signatures(struct rq_signatures *out, const char *root, const char *queue,
			struct rq_err *err);
void rq_signatures_release(struct rq_signatures *signatures);

#endif
