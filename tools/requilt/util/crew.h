/* SPDX-License-Identifier: GPL-2.0-only */
/* A list of jobs, done by several threads. */
#ifndef REQUILT_UTIL_CREW_H
#define REQUILT_UTIL_CREW_H

#include <stddef.h>

/*
 * Calls @work once for every @i below @n, begun in that order, by at most @hands threads; the
 * caller's is one of them.  @hand counts from 0 and tells them apart: no two calls with the same one
 * overlap.  Where no thread can be started, fewer hands do the work.
 */
void rq_crew(size_t n, long hands, void (*work)(size_t i, size_t hand, void *ctx),
	     void *ctx);

#endif
