/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What became of a series on a newer base: filled by queue/, walked by the reports.
 *
 * Owns its strings.
 */
#ifndef REQUILT_RECORD_REBASED_H
#define REQUILT_RECORD_REBASED_H

#include <stdbool.h>

#include "git/git.h"
#include "util/vec.h"

/* What became of a patch of the series. */
enum rq_rebased {
	RQ_REBASE_DROPPED,   /* the new base has it */
	RQ_REBASE_REFRESHED, /* its lines moved, or a part of it is there */
	RQ_REBASE_UNCHANGED, /* every byte of it is as it was */
	RQ_REBASE_CONFLICT,
	RQ_REBASE_WORDS, /* how many there are */
};

/* "dropped", ...; static. */
const char *rq_rebased_word(enum rq_rebased word);

struct rq_rebase_entry {
	char *patch;
	enum rq_rebased word;
	bool doubtful; /* a reader should look at what was refreshed */
	char *why;     /* NULL where there is nothing to say */
	char *upstream; /* "<oid> (how it was found)" of the release's own commit; or NULL */
};

struct rq_rebase {
	char *version; /* of the new base; may be NULL */
	struct rq_oid base;
	rq_vec(struct rq_rebase_entry) entries;
	size_t counts[RQ_REBASE_WORDS];
	long crlf; /* line of the old series that ends in "\r\n"; the new one has none; 0: none */
	bool changed; /* the folder holds other bytes than before */
};

void rq_rebase_release(struct rq_rebase *rebase);

#endif
