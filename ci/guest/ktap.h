/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest test says, in KTAP version 1.  A test that cannot be set up has failed: none of
 * these tests knows SKIP.  The plan comes last, so that a test need not count in advance.
 */
#ifndef GUEST_KTAP_H
#define GUEST_KTAP_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int ktap_count, ktap_bad;

static inline void ktap_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("KTAP version 1");
}

/* One named claim; names must not depend on chance, for two kernels are compared by them. */
__attribute__((format(printf, 2, 3)))
static inline bool ok(bool holds, const char *name, ...)
{
	va_list args;

	ktap_bad += !holds;
	printf("%sok %d ", holds ? "" : "not ", ++ktap_count);
	va_start(args, name);
	vprintf(name, args);
	va_end(args);
	putchar('\n');
	return holds;
}

static inline int ktap_end(void)
{
	printf("1..%d\n", ktap_count);
	return ktap_bad != 0;
}

#endif
