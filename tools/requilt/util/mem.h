/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory: allocation that ends the program when there is none left, and scoped clean-up.
 *
 * A tool that holds a kernel queue in memory cannot do anything useful without memory,
 * and nothing is half written at that point (packs and folders are exchanged whole), so
 * the x-functions print one line and exit with 128 rather than burden every caller.
 */
#ifndef REQUILT_UTIL_MEM_H
#define REQUILT_UTIL_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

/* Once, before the first thread: how this program's memory is got from the system. */
void rq_mem_prepare(void);

void *rq_xmalloc(size_t n);
void *rq_xcalloc(size_t n, size_t size);
void *rq_xrealloc(void *p, size_t n);
char *rq_xstrdup(const char *s);
char *rq_xstrndup(const char *s, size_t n);
char *rq_xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

char *rq_xvasprintf(const char *fmt, va_list ap);

#define _cleanup_(f) __attribute__((cleanup(f)))

/* Hands a pointer over: the cleanup local is left NULL. */
#define TAKE_PTR(p)                         \
	({                                  \
		__typeof__(p) taken_ = (p); \
		(p) = NULL;                 \
		taken_;                     \
	})

static inline void rq_freep(void *p)
{
	free(*(void **)p);
}

#define _cleanup_free_ _cleanup_(rq_freep)

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
