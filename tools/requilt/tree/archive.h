/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decompression of what is neither gzip nor xz, by libarchive, which is loaded when it is first needed.
 */
#ifndef REQUILT_TREE_ARCHIVE_H
#define REQUILT_TREE_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "util/err.h"

struct rq_archive;

/*
 * Of the open file, which stays the caller's; *out too in any case, rq_archive_free() takes NULL.
 * RQ_EIO: there is no libarchive.
 */
int rq_archive_open(struct rq_archive **out, int fd, struct rq_err *err);
/* The next decompressed bytes, good until the next call; *n is 0 at the end. */
int rq_archive_next(struct rq_archive *archive, const char **at, size_t *n,
		    struct rq_err *err);
/* Bytes of the file that were read. */
uint64_t rq_archive_read(const struct rq_archive *archive);
void rq_archive_free(struct rq_archive *archive);

#endif
