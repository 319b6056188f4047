/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Unpacks xz with a bound on memory.  A block of the file says how large a dictionary it wants,
 * any block may, and libarchive gives it what it asks for.
 */
#ifndef REQUILT_TREE_XZ_H
#define REQUILT_TREE_XZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/err.h"

struct rq_xz;

bool rq_xz_is(int fd);
/* Reads from @fd, which stays the caller's and must outlive *@out. */
int rq_xz_open(struct rq_xz **out, int fd, struct rq_err *err);
/*
 * The next bytes, at least one, borrowed until the next call; *@n is 0 at the end.  RQ_EFORMAT:
 * damaged, truncated, or it wants more than 256 MiB of memory.
 */
int rq_xz_next(struct rq_xz *xz, const char **bytes, size_t *n, struct rq_err *err);
/* How many bytes of the file were read. */
uint64_t rq_xz_read(const struct rq_xz *xz);
void rq_xz_free(struct rq_xz *xz);

#endif
