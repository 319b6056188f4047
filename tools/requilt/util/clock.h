/* SPDX-License-Identifier: GPL-2.0-only */
/* How long something takes. */
#ifndef REQUILT_UTIL_CLOCK_H
#define REQUILT_UTIL_CLOCK_H

/* Seconds since a moment that stays the same while the program runs; for differences. */
double rq_now(void);

#endif
