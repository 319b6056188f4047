// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of a git tree, served to an image.
 */
#include "queue/queue_internal.h"

static int read_path(void *ctx, const char *path, struct rq_slice *bytes,
		     enum rq_mode *mode, struct rq_oid *oid, struct rq_err *err)
{
	struct rq_tree_reader *reader = ctx;
	int rc = rq_tree_lookup(reader->repo, &reader->tree, path, oid, mode, err);

	if (rc)
		return rc;
	if (*mode == RQ_MODE_NONE || *mode == RQ_MODE_TREE || *mode == RQ_MODE_GITLINK)
		return 0;
	return rq_blobs_read(reader->blobs, reader->repo, oid, bytes, err);
}

struct listing {
	int (*each)(const char *path, void *arg);
	void *arg;
};

static int list_path(const char *path, enum rq_mode mode, const struct rq_oid *oid,
		     void *ctx)
{
	struct listing *listing = ctx;

	(void)mode;
	(void)oid;
	return listing->each(path, listing->arg);
}

static int each_path(void *ctx, int (*each)(const char *path, void *arg), void *arg,
		     struct rq_err *err)
{
	struct rq_tree_reader *reader = ctx;
	struct listing listing = { each, arg };

	return rq_tree_each(reader->repo, &reader->tree, list_path, &listing, err);
}

struct rq_reader rq_tree_reader(struct rq_tree_reader *ctx)
{
	return (struct rq_reader){ .path = read_path, .each = each_path, .ctx = ctx };
}
