// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock that nobody sets.
 */
#include "util/clock.h"

#include <time.h>

double rq_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}
