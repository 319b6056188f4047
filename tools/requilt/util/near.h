/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What somebody may have meant who mistyped a name.
 */
#ifndef REQUILT_UTIL_NEAR_H
#define REQUILT_UTIL_NEAR_H

#include "util/str.h"

#define RQ_NEAR_LONGEST 255

/*
 * How many letters are missing, too many, wrong or swapped with the next one (optimal string alignment).
 * Neither has more than RQ_NEAR_LONGEST bytes.
 */
size_t rq_near_distance(struct rq_slice a, struct rq_slice b);

/* Starts with the word alone; borrows it and what it is offered. */
struct rq_near {
	const char *word;
	const char *best; /* NULL while none is near */
	size_t distance;
};

/* Of equally near names the first counts. */
void rq_near_offer(struct rq_near *near, const char *name);

/* "; did you mean '--name'?" with @prefix in front of the name, or ""; the caller frees. */
char *rq_near_text(const struct rq_near *near, const char *prefix);

#endif
