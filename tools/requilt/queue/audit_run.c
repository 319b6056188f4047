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

static int read_text(struct rq_str *out, const struct rq_audited_patch *one, size_t i,
		     struct rq_err *err)
{
	if (one->path)
		return rq_file_read_most(out, one->path, RQ_PATCH_MOST, err);
	rq_str_add_slice(out, rq_str_slice(&one->texts.v[i]));
	return 0;
}

/* Takes over @bytes. */
static int judge(struct rq_audit *out, struct rq_image *image, const char *name,
		 const struct rq_patch_options *options, struct rq_str *bytes,
		 struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	int rc = rq_patch_parse(&patch, name, bytes, options, err);

	return rc ? rc : rq_audit_patch(out, image, patch, err);
}

/* Best first. */
static int rank(const struct rq_audit *audit)
{
	static const int order[] = {
		[RQ_AUDIT_HAS] = 0,	     [RQ_AUDIT_WORDS] = 1,
		[RQ_AUDIT_LIKELY] = 2,	     [RQ_AUDIT_LACKS] = 3,
		[RQ_AUDIT_UNLIKE] = 4,	     [RQ_AUDIT_NO_FILE] = 5,
		[RQ_AUDIT_NOT_AFFECTED] = 6,
	};

	return order[audit->verdict];
}

static int audit_texts(struct rq_audited_patch *one, struct rq_image *image)
{
	size_t n = one->path ? 1 : one->texts.n;

	for (size_t i = 0; i < n; i++) {
		_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
		struct rq_audit audit = { 0 };
		int rc = read_text(&bytes, one, i, &one->err);

		if (!rc)
			rc = judge(&audit, image, one->name, &one->options, &bytes,
				   &one->err);
		if (rc || (i && rank(&audit) >= rank(&one->audit))) {
			rq_audit_release(&audit);
			if (rc)
				return rc;
			continue;
		}
		rq_audit_release(&one->audit);
		one->audit = audit;
		one->best = i;
	}
	return 0;
}

/* What cannot be read may be there. */
static bool is_absent(const struct rq_audited_patch *one, const struct rq_str *cause,
		      struct rq_image *image)
{
	_cleanup_(rq_str_release) struct rq_str bytes = { 0 };
	const struct rq_patch_options options = RQ_PATCH_DEFAULTS;
	struct rq_audit audit = { 0 };
	struct rq_err ignored;
	bool absent;

	rq_str_add_slice(&bytes, rq_str_slice(cause));
	absent = judge(&audit, image, one->name, &options, &bytes, &ignored) == 0 &&
		 rq_audit_shows_absence(&audit);
	rq_audit_release(&audit);
	return absent;
}

static void ask_causes(struct rq_audited_patch *one, struct rq_image *image)
{
	enum rq_audited found = one->audit.verdict;

	if (found == RQ_AUDIT_HAS || found == RQ_AUDIT_WORDS || !one->causes.n)
		return;
	for (size_t i = 0; i < one->causes.n && !one->caused; i++)
		one->caused = !is_absent(one, &one->causes.v[i], image);
	if (!one->caused && !one->unknown)
		one->audit.verdict = RQ_AUDIT_NOT_AFFECTED;
}

static void audit_one(size_t i, size_t hand, void *ctx)
{
	struct auditing *a = ctx;
	struct rq_audited_patch *one = &a->patches[i];

	if (!one->rc)
		one->rc = open_hand(&a->hands[hand], a, &one->err);
	if (!one->rc)
		one->rc = audit_texts(one, a->hands[hand].image);
	if (!one->rc)
		ask_causes(one, a->hands[hand].image);
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
