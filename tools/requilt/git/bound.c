// SPDX-License-Identifier: GPL-2.0-only
/*
 * What libgit2 may allocate at once.  A stranger's object says its own size, and what a delta is
 * made from no header tells of: an allocation that asks for more fails, and with it that object.
 * Where memory within the bound is not to be had the program ends, as everywhere.
 */
#include "git/git_internal.h"

#include <git2/sys/alloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

#include "util/mem.h"

/* Since 1.7 libgit2 makes all other allocations of these three: of malloc, realloc and free. */
#define BOUNDS_ALL (LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR < 7)

/* Four times what a patch may have; merging and comparing take more than their files. */
static _Atomic size_t most = (size_t)1 << 30;

/* libgit2 itself says "Out of memory" then; see rq_git_fail(). */
static bool within(size_t n, size_t size)
{
	if (!size || n <= most / size)
		return true;
	git_error_set_str(GIT_ERROR_NOMEMORY, "more than the bound");
	return false;
}

void rq_git_say_bound(char *text, size_t n)
{
	snprintf(text, n, "an object takes more than %zu MiB of memory",
		 (size_t)most >> 20);
}

static void *bounded_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return within(n, 1) ? rq_xmalloc(n) : NULL;
}

static void *bounded_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return within(n, 1) ? rq_xrealloc(p, n) : NULL;
}

#if BOUNDS_ALL
static void *bounded_calloc(size_t n, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return within(n, size) ? rq_xcalloc(n, size) : NULL;
}

static char *bounded_substrdup(const char *s, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return n < SIZE_MAX && within(n + 1, 1) ? rq_xstrndup(s, n) : NULL;
}

static char *bounded_strdup(const char *s, const char *file, int line)
{
	return bounded_substrdup(s, strlen(s), file, line);
}

static char *bounded_strndup(const char *s, size_t n, const char *file, int line)
{
	return bounded_substrdup(s, strnlen(s, n), file, line);
}

static void *bounded_reallocarray(void *p, size_t n, size_t size, const char *file,
				  int line)
{
	(void)file;
	(void)line;
	return within(n, size) ? rq_xrealloc(p, n * size) : NULL;
}

static void *bounded_mallocarray(size_t n, size_t size, const char *file, int line)
{
	return bounded_reallocarray(NULL, n, size, file, line);
}
#endif

void rq_git_bound(void)
{
	git_allocator ours = {
		.gmalloc = bounded_malloc,
		.grealloc = bounded_realloc,
		.gfree = free,
#if BOUNDS_ALL
		.gcalloc = bounded_calloc,
		.gstrdup = bounded_strdup,
		.gstrndup = bounded_strndup,
		.gsubstrdup = bounded_substrdup,
		.greallocarray = bounded_reallocarray,
		.gmallocarray = bounded_mallocarray,
#endif
	};

	git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &ours);
}

void rq_git_take_at_most(size_t bytes)
{
	most = bytes;
}

size_t rq_git_largest(void)
{
	return most;
}
