// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files in git-config syntax, read by libgit2.  Knows no key: series/ does.
 */
#include "git/git_internal.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int rq_config_each(const char *path,
		   int (*each)(const char *name, const char *value, void *ctx,
			       struct rq_err *err),
		   void *ctx, struct rq_err *err)
{
	git_config_iterator *iter = NULL;
	git_config *config = NULL;
	git_config_entry *entry;
	struct stat st;
	int rc = 0;

	/* libgit2 takes a missing file for an empty one. */
	if (access(path, R_OK) < 0) {
		rq_err_errno(err, "%s", path);
		err->code = RQ_ENOTFOUND;
		return RQ_ENOTFOUND;
	}
	/* And waits for somebody to write to a pipe. */
	if (stat(path, &st) == 0 && S_ISFIFO(st.st_mode))
		return rq_err_set(err, RQ_EIO, "%s: is a pipe, not a file", path);
	if (git_config_open_ondisk(&config, path) < 0 ||
	    git_config_iterator_new(&iter, config) < 0) {
		rc = git_error_last()->klass == GIT_ERROR_OS ? RQ_EIO : RQ_EFORMAT;
		rq_git_fail(err, "%s", path);
		err->code = rc;
	}
	while (!rc && git_config_next(&entry, iter) == 0)
		rc = each(entry->name, entry->value ? entry->value : "true", ctx, err);
	git_config_iterator_free(iter);
	git_config_free(config);
	return rc;
}
