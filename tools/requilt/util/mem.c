// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocation that does not return without memory: the one place below cmd/ that exits.
 */
#include "util/mem.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What a port of some hundred patches needs; got from the system at once, but used piece by piece. */
#define HEAP ((size_t)64 << 20)
#define LARGE_PAGE ((uintptr_t)2 << 20)

/*
 * The files of a base are megabytes, and a page fault for every 4 KiB of them is a fifth of what
 * reading them costs: so the heap's first part asks for large pages, and what was freed once stays
 * in it.  One heap: those of threads would each hold what the threads before them gave back.
 */
void rq_mem_prepare(void)
{
	uintptr_t start = ((uintptr_t)sbrk(0) + LARGE_PAGE - 1) & -LARGE_PAGE, end;
	void *first;
	bool got;

	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, (int)HEAP / 2);
	mallopt(M_TRIM_THRESHOLD, (int)HEAP);
	mallopt(M_TOP_PAD, (int)HEAP);
	first = malloc(LARGE_PAGE);
	got = first != NULL;
	free(first);
	/* Where that is more than may be had, it is got as it is needed. */
	mallopt(M_TOP_PAD, got ? (int)HEAP / 8 : 0);
	end = (uintptr_t)sbrk(0);
	if (end > start)
		madvise((void *)start, (end - start) & -LARGE_PAGE, MADV_HUGEPAGE);
}

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
