/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tar format, read member by member from a stream of bytes: v7, ustar, GNU's long names,
 * pax headers.
 */
#ifndef REQUILT_TREE_TAR_H
#define REQUILT_TREE_TAR_H

#include "util/err.h"
#include "util/str.h"

#include <stdint.h>

enum tar_kind { TAR_FILE, TAR_LINK, TAR_HARD_LINK, TAR_FOLDER };

struct tar_member {
	enum tar_kind kind;
	const char *name;   /* as it is in the archive; good until the next member */
	const char *target; /* of a link */
	int64_t size;	    /* of a file's contents; they must be read with tar_read() */
	int64_t when;	    /* seconds since 1970 */
	bool executable;    /* by its owner */
};

struct tar {
	/* Fills @buf; *n says how much came, less than @want only at the end. */
	int (*pull)(void *ctx, void *buf, size_t want, size_t *n, struct rq_err *err);
	void *ctx;
	struct rq_str name, target; /* of the member that is being read */
	/* From extended headers, for the next member. */
	bool has_name, has_target, has_size, has_when;
	int64_t size, when;
};

/*
 * The next member; *end is true after the last.  RQ_EFORMAT: damaged, truncated (an archive
 * ends with a block of zeros), or a sparse member; RQ_EUNSAFE: a device, a fifo.
 */
int tar_next(struct tar *tar, struct tar_member *out, bool *end, struct rq_err *err);
/* All of a file's contents, out->size bytes. */
int tar_read(struct tar *tar, const struct tar_member *member, void *buf,
	     struct rq_err *err);
void tar_release(struct tar *tar);

#endif
