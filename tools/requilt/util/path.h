/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths from untrusted text: patches, series files, archives.
 */
#ifndef REQUILT_UTIL_PATH_H
#define REQUILT_UTIL_PATH_H

#include <stdbool.h>

#include "util/err.h"
#include "util/str.h"

/*
 * A path inside a tree is safe when it is relative, has no empty, "." or ".." part, no
 * part that a file system could take for ".git" (any case, trailing dots and blanks,
 * git~1) or of more than 255 bytes, no backslash, no NUL, no control character (those that
 * turn the direction of text and those without width are some), and is at most 4,095 bytes long in at most 64 directories.
 * Returns NULL when it is safe, else the reason as a phrase ("has a '..' part"), static.
 */
const char *rq_path_unsafe(struct rq_slice path);

/*
 * Why no symbolic link may be there: the name, on some file system, is ".gitmodules", which git checks
 * out as a link nowhere.  NULL, or a static phrase.
 */
const char *rq_path_unsafe_link(struct rq_slice path);

/* @a/@b as a new string that the caller frees. */
char *rq_path_join(const char *a, const char *b);

/* The part behind the last slash; borrowed from @path. */
const char *rq_path_base(const char *path);
/* "linux.git" of ".../linux.git/": the last part without the slashes at its end; the caller frees. */
char *rq_path_name(const char *path);
/* Whether @path is in the directory of @other, and not below it. */
bool rq_path_is_beside(const char *path, const char *other);
/* The folder that @path is in, "." where it names none; the caller frees. */
char *rq_path_parent(const char *path);

/* Whether the file is C by its name: .c or .h. */
bool rq_path_is_c(const char *path);

#endif
