/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files below a directory that somebody else may have filled.
 */
#ifndef REQUILT_UTIL_BELOW_H
#define REQUILT_UTIL_BELOW_H

#include <sys/types.h>

/*
 * openat() of @path relative to the directory @top, closed on exec.  -1 with errno: ELOOP where a
 * part of it is a link, EXDEV where rq_path_unsafe() refuses it or it leads out.
 */
int rq_open_below(int top, const char *path, int flags, mode_t mode);

#endif
