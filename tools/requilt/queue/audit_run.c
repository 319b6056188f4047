// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patches held against a tree, each against the tree alone: what `requilt audit` does.  Writes nothing.
 */
#include "queue/audit_run.h"

#include <stdlib.h>

#include "queue/queue_internal.h"
#include "util/crew.h"
#include "util/file.h"

/* What one thread works with: libgit2's handles are not shared. */
struct hand {
	struct rq_repo *repo;
	struct rq_tree_reader base;
	struct rq_names paths; /* of the tree, once they were asked for */
	struct rq_image *image;
};

struct auditing {
	const struct rq_audit_options *options;
	struct rq_audited_patch *patches;
	struct hand *hands;
	struct rq_blobs *blobs;
	struct rq_oid tree;
};

static int keep_path(const char *path, void *ctx)
{
	struct hand *hand = ctx;

	rq_names_add(&hand->paths, rq_slice_of(path));
	return 0;
}

/* The list of a kernel's paths is read once, not for each patch. */
static int each_path(void *ctx, int (*each)(const char *path, void *arg), void *arg,
		     struct rq_err *err)
{
	struct hand *hand = ctx;
	const struct rq_reader reader = rq_tree_reader(&hand->base);
	int rc = hand->paths.v.n ? 0 : reader.each(&hand->base, keep_path, hand, err);

	for (size_t i = 0; i < hand->paths.v.n && !rc; i++)
		rc = each(hand->paths.v.v[i], arg);
	return rc;
}

static int read_path(void *ctx, const char *path, struct rq_slice *bytes,
		     enum rq_mode *mode, struct rq_oid *oid, struct rq_err *err)
{
	struct hand *hand = ctx;

	return rq_tree_reader(&hand->base).path(&hand->base, path, bytes, mode, oid, err);
}

static int open_hand(struct hand *hand, const struct auditing *a, struct rq_err *err)
{
	const struct rq_reader reader = { read_path, each_path, hand };
	int rc;

	if (hand->image)
		return 0;
	rc = rq_repo_open(&hand->repo, a->options->repo_path, err);
	if (rc)
		return rc;
	hand->base = (struct rq_tree_reader){ hand->repo, a->tree, a->blobs };
	hand->image = rq_image_new(&reader);
	return 0;
}

static int load(struct rq_patch **out, const struct rq_audited_patch *one,
		struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	int rc = rq_file_read_most(&bytes, one->path, RQ_PATCH_MOST, err);

	return rc ? rc : rq_patch_parse(out, one->name, &bytes, &one->options, err);
}

static void audit_one(size_t i, size_t hand, void *ctx)
{
	struct auditing *a = ctx;
	struct rq_audited_patch *one = &a->patches[i];
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;

	one->rc = open_hand(&a->hands[hand], a, &one->err);
	if (!one->rc)
		one->rc = load(&patch, one, &one->err);
	if (!one->rc)
		one->rc = rq_audit_patch(&one->audit, a->hands[hand].image, patch,
					 &one->err);
}

int rq_audit_run(struct rq_audited_patch *patches, size_t n,
		 const struct rq_audit_options *options, struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct auditing a = { .options = options, .patches = patches };
	struct rq_oid commit;
	int rc = rq_repo_open(&repo, options->repo_path, err);

	if (!rc)
		rc = rq_repo_resolve(repo, options->tree, &commit, &a.tree, err);
	if (rc)
		return rc;
	a.blobs = rq_blobs_new();
	a.hands = rq_xcalloc((size_t)options->jobs + 1, sizeof(*a.hands));
	rq_crew(n, options->jobs, audit_one, &a);
	for (long i = 0; i <= options->jobs; i++) {
		rq_image_free(a.hands[i].image);
		rq_repo_close(a.hands[i].repo);
		rq_names_release(&a.hands[i].paths);
	}
	free(a.hands);
	rq_blobs_free(a.blobs);
	return 0;
}
