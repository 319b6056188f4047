/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files and folders on disk, read whole and written whole.
 */
#ifndef REQUILT_UTIL_FILE_H
#define REQUILT_UTIL_FILE_H

#include <stdbool.h>

#include "util/err.h"
#include "util/str.h"

/*
 * Appends the file's bytes to @out.  RQ_ENOTFOUND when it does not exist, RQ_EFORMAT when it has
 * more than 1 GiB, or more than @most, RQ_EIO also when it is a pipe that nobody writes to.  An @out
 * that had no bytes yet has none after an error.
 */
int rq_file_read(struct rq_str *out, const char *path, struct rq_err *err);
int rq_file_read_most(struct rq_str *out, const char *path, size_t most,
		      struct rq_err *err);

/*
 * The same for the file @path below the directory @top, which somebody else may have filled:
 * RQ_EUNSAFE where the path leads out or through a link, RQ_EIO also where it is no regular file.
 */
int rq_file_read_below(struct rq_str *out, const char *top, const char *path,
		       struct rq_err *err);

/*
 * Writes by temporary name, fsync and rename: the old bytes or the new, never a mix.  The
 * temporary of a folder has one name, so the next write clears what a killed run left.
 */
int rq_file_write(const char *path, struct rq_slice bytes, struct rq_err *err);
/* The same for a file that is there: it keeps its mode, and a link to it stays a link. */
int rq_file_rewrite(const char *path, struct rq_slice bytes, struct rq_err *err);

struct rq_new_file {
	const char *path; /* below the directory */
	struct rq_slice bytes;
};

/*
 * Writes files that are not there yet below the directory @top, in folders that are there and that
 * nobody else sees, and waits until they are on the disk; their folders are the caller's to sync.
 * Many are written before the first is waited for.  A failure leaves some of them.
 */
int rq_files_write_new(const char *top, const struct rq_new_file *files, size_t n,
		       struct rq_err *err);

bool rq_file_exists(const char *path);
bool rq_file_is_dir(const char *path);

/* mkdir -p.  An existing folder is no error. */
int rq_dir_make(const char *path, struct rq_err *err);

/*
 * Whether what there is of @below, a path relative to folder @top, goes through no symbolic link:
 * RQ_EUNSAFE names the one that does.  @top itself may be a link, or lead through some.
 */
int rq_dir_check_below(const char *top, const char *below, struct rq_err *err);
/* mkdir -p of it, after that check. */
int rq_dir_make_below(const char *top, const char *below, struct rq_err *err);

/*
 * Whether file @path lies below folder @top once all links are followed: RQ_EUNSAFE where it does
 * not, RQ_ENOTFOUND where one of the two is not there.
 */
int rq_file_check_within(const char *top, const char *path, struct rq_err *err);
/* rq_file_read() after that check. */
int rq_file_read_within(struct rq_str *out, const char *top, const char *path,
			struct rq_err *err);

/* rm -r, never through a symbolic link.  A folder that is not there is no error. */
int rq_dir_remove(const char *path, struct rq_err *err);

/*
 * Puts folder @fresh at @path in one step (renameat2 RENAME_EXCHANGE when @path exists)
 * and removes what was there.  Both must be on one file system.
 */
int rq_dir_exchange(const char *fresh, const char *path, struct rq_err *err);

/* fsync of a folder, so that renames in it last. */
int rq_dir_sync(const char *path, struct rq_err *err);
/* Waits for whoever has the folder locked.  The lock is *fd's, which the caller closes (-1: none). */
int rq_dir_lock(int *fd, const char *path, struct rq_err *err);

#endif
