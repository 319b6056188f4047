// SPDX-License-Identifier: GPL-2.0-only
/*
 * The directory for work in progress.
 */
#include "resolve/place.h"

#include "util/file.h"
#include "util/mem.h"
#include "util/path.h"

int rq_place_hide(const char *root, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(root, RQ_PLACE "/.gitignore");

	return rq_file_exists(path) ? 0 : rq_file_write(path, RQ_SLICE("*\n"), err);
}
