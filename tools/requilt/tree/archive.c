// SPDX-License-Identifier: GPL-2.0-only
/*
 * libarchive decompresses: bzip2, zstd, or nothing; it reads no tar here.  It is not linked but loaded
 * by the first such file: with the eleven libraries that it brings (ICU among them) it was a third of
 * the time in which every command starts.
 */
#include "tree/archive.h"

#include <archive.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "util/mem.h"

/* Of all versions 3. */
#define LIBRARY "libarchive.so.13"
#define BLOCK_SIZE (1 << 18)

struct rq_archive {
	struct archive *archive;
};

static struct {
	pthread_once_t once;
	bool loaded;
#define FUNCTION(name) __typeof__(archive_##name) *name
	FUNCTION(error_string);
	FUNCTION(filter_bytes);
	FUNCTION(read_data_block);
	FUNCTION(read_free);
	FUNCTION(read_new);
	FUNCTION(read_next_header);
	FUNCTION(read_open_fd);
	FUNCTION(read_support_filter_bzip2);
	FUNCTION(read_support_filter_zstd);
	FUNCTION(read_support_format_empty);
	FUNCTION(read_support_format_raw);
#undef FUNCTION
} library = { .once = PTHREAD_ONCE_INIT };

/* It stays loaded. */
static void load_library(void)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	library.loaded = handle != NULL;
#define FUNCTION(name)                                                          \
	do {                                                                    \
		library.name = handle ? dlsym(handle, "archive_" #name) : NULL; \
		library.loaded = library.loaded && library.name;                \
	} while (0)
	FUNCTION(error_string);
	FUNCTION(filter_bytes);
	FUNCTION(read_data_block);
	FUNCTION(read_free);
	FUNCTION(read_new);
	FUNCTION(read_next_header);
	FUNCTION(read_open_fd);
	FUNCTION(read_support_filter_bzip2);
	FUNCTION(read_support_filter_zstd);
	FUNCTION(read_support_format_empty);
	FUNCTION(read_support_format_raw);
#undef FUNCTION
}

static int archive_fail(const struct rq_archive *a, struct rq_err *err)
{
	const char *why = library.error_string(a->archive);

	return rq_err_set(err, RQ_EFORMAT, "damaged or truncated: %s",
			  why ? why : "unreadable");
}

static int open_archive(struct rq_archive *a, int fd, struct rq_err *err)
{
	struct archive_entry *entry;

	a->archive = library.read_new();
	if (!a->archive)
		return rq_err_set(err, RQ_ENOMEM, "no memory");
	library.read_support_filter_bzip2(a->archive);
	library.read_support_filter_zstd(a->archive);
	library.read_support_format_raw(a->archive);
	library.read_support_format_empty(a->archive);
	if (library.read_open_fd(a->archive, fd, BLOCK_SIZE) != ARCHIVE_OK)
		return archive_fail(a, err);
	switch (library.read_next_header(a->archive, &entry)) {
	case ARCHIVE_OK:
		return 0;
	case ARCHIVE_EOF:
		return rq_err_set(err, RQ_EFORMAT, "empty");
	default:
		return archive_fail(a, err);
	}
}

int rq_archive_open(struct rq_archive **out, int fd, struct rq_err *err)
{
	pthread_once(&library.once, load_library);
	if (!library.loaded)
		return rq_err_set(err, RQ_EIO,
				  "needs " LIBRARY " to be unpacked; install libarchive, "
				  "or pack it with gzip or xz");
	*out = rq_xcalloc(1, sizeof(**out));
	return open_archive(*out, fd, err);
}

int rq_archive_next(struct rq_archive *a, const char **at, size_t *n, struct rq_err *err)
{
	const void *block = NULL;
	la_int64_t offset;
	int rc;

	*n = 0;
	rc = library.read_data_block(a->archive, &block, n, &offset);
	if (rc == ARCHIVE_EOF)
		*n = 0;
	else if (rc != ARCHIVE_OK)
		return archive_fail(a, err);
	*at = block;
	return 0;
}

uint64_t rq_archive_read(const struct rq_archive *a)
{
	return (uint64_t)library.filter_bytes(a->archive, -1);
}

void rq_archive_free(struct rq_archive *a)
{
	if (!a)
		return;
	library.read_free(a->archive);
	free(a);
}
