/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records of accepted results when entries get other names, or go: every byte that is not meant stays.
 */
#ifndef REQUILT_RESOLVE_RENAMED_H
#define REQUILT_RESOLVE_RENAMED_H

#include <stddef.h>

#include "util/str.h"

/* The name that @entry has from now on, borrowed; NULL: the line goes. */
typedef const char *rq_review_fate_fn(const char *branch, const char *entry, void *ctx);

/*
 * Appends the bytes of a .reviewed file as @fate has its lines.  Comments, and what is no record of
 * `requilt accept`, stay.  Gives the number of lines that are others now.
 */
size_t rq_reviews_rename(struct rq_str *out, struct rq_slice bytes,
			 rq_review_fate_fn *fate, void *ctx);

#endif
