/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Temporaries that tell whether their maker lives: each is locked for as long as its descriptor
 * is open, so what can be locked was left behind by a run that was killed.
 */
#ifndef REQUILT_UTIL_TEMP_H
#define REQUILT_UTIL_TEMP_H

#include "util/err.h"

/*
 * Makes a file or folder "<folder>/<prefix>XXXXXX" of a fresh name.  The caller frees *path, and
 * closes *fd when the thing is renamed or removed.
 */
int rq_temp_file(int *fd, char **path, const char *folder, const char *prefix,
		 struct rq_err *err);
int rq_temp_folder(int *fd, char **path, const char *folder, const char *prefix,
		   struct rq_err *err);

/* Removes what dead runs left in @folder under that prefix.  What it cannot remove stays. */
void rq_temp_sweep(const char *folder, const char *prefix);

#endif
