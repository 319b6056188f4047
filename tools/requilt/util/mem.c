// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocation that does not return without memory: the one place below cmd/ that exits.
 */
#include "util/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void *check(void *p)
{
	if (!p) {
		fputs("requilt: out of memory\n", stderr);
		exit(128);
	}
	return p;
}

void *rq_xmalloc(size_t n)
{
	return check(malloc(n ? n : 1));
}

void *rq_xcalloc(size_t n, size_t size)
{
	return check(calloc(n ? n : 1, size ? size : 1));
}

void *rq_xrealloc(void *p, size_t n)
{
	return check(realloc(p, n ? n : 1));
}

char *rq_xstrdup(const char *s)
{
	return check(strdup(s));
}

char *rq_xstrndup(const char *s, size_t n)
{
	char *p = rq_xmalloc(n + 1);

	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *rq_xvasprintf(const char *fmt, va_list ap)
{
	char *s = NULL;

	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	return check(s);
}

char *rq_xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = rq_xvasprintf(fmt, ap);
	va_end(ap);
	return s;
}
