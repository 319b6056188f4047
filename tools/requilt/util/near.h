/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What somebody may have meant who mistyped a name.
 */
#ifndef REQUILT_UTIL_NEAR_H
#define REQUILT_UTIL_NEAR_H

#include <stddef.h>

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
