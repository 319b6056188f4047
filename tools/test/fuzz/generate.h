/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files, patches for them, and what became of the files since, with what the patch is to do there:
 * the generator moves the lines itself, so it knows.  The same number gives the same pair.
 */
#ifndef REQUILT_TEST_GENERATE_H
#define REQUILT_TEST_GENERATE_H

#include <stdint.h>

#include "util/str.h"

enum drift {
	DRIFT_NONE,  /* the very file that the patch was made for */
	DRIFT_MOVED, /* lines around what the patch needs came, went and were repeated */
	DRIFT_DONE,  /* the same, and the patch is in it */
	DRIFT_HALF,  /* the same, and some of the patch is in it */
	DRIFT_GONE,  /* the same, and a line that the patch needs is another one */
	DRIFTS,
};

struct pair {
	enum drift drift;
	struct rq_str patch;  /* hunks alone */
	struct rq_str source; /* what it was made for */
	struct rq_str file;   /* what it is to be applied to */
	struct rq_str intent; /* what must come out; of DRIFT_GONE: nothing */
};

const char *drift_word(enum drift drift);
void generate(struct pair *out, uint64_t number);
void pair_release(struct pair *pair);

#endif
