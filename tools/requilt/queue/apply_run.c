// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patches onto a tree without a queue: what `requilt apply` does.  Stores the objects of the
 * final state only; moves no ref and writes no commit.
 */
#include "queue/queue_internal.h"

#include <stdlib.h>

struct storing {
	struct rq_treeedit *edit;
	struct rq_pack *pack;
	bool removing;
	struct rq_err *err;
};

static int store(struct rq_file *file, void *ctx)
{
	struct storing *s = ctx;
	struct rq_str bytes = { 0 };
	int rc;

	if ((file->mode == RQ_MODE_NONE) != s->removing)
		return 0;
	if (s->removing) {
		rc = rq_treeedit_remove(s->edit, file->path, s->err);
		/* Made and taken away again by the same queue. */
		return rc == RQ_ENOTFOUND ? 0 : rc;
	}
	rq_file_bytes(file, &bytes);
	rc = rq_pack_add(s->pack, RQ_OBJ_BLOB, bytes.s ? bytes.s : "", bytes.len,
			 &file->oid, s->err);
	file->has_oid = !rc;
	rq_str_release(&bytes);
	return rc ? rc
		  : rq_treeedit_set(s->edit, file->path, file->mode, &file->oid, s->err);
}

static int write_tree(struct rq_repo *repo, struct rq_image *image,
		      struct rq_branch_record *record, struct rq_err *err)
{
	struct storing s = { .removing = true, .err = err };
	int rc = rq_treeedit_new(&s.edit, repo, &record->base_tree, err);

	if (!rc)
		rc = rq_pack_new(&s.pack, repo, 1, err);
	if (!rc)
		rc = rq_image_each_touched(image, store, &s);
	s.removing = false;
	if (!rc)
		rc = rq_image_each_touched(image, store, &s);
	if (!rc)
		rc = rq_treeedit_write(s.edit, s.pack, &record->tree, err);
	if (!rc)
		rc = rq_pack_commit(s.pack, err);
	rq_pack_free(s.pack);
	rq_treeedit_free(s.edit);
	return rc;
}

static int load(struct rq_item *items, const struct rq_apply_input *inputs, size_t n,
		struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && !rc; i++)
		rc = rq_item_load(&items[i], inputs[i].name, inputs[i].path,
				  &inputs[i].options, err);
	return rc;
}

static int run(struct rq_repo *repo, struct rq_branch_record *record,
	       struct rq_item *items, size_t n,
	       const struct rq_apply_run_options *options, struct rq_err *err)
{
	const struct rq_item **list = rq_xcalloc(n, sizeof(*list));
	struct rq_tree_reader base = { repo, record->base_tree },
			      source = { .repo = repo };
	struct rq_reader base_reader = rq_tree_reader(&base),
			 source_reader = rq_tree_reader(&source);
	struct rq_walk walk = { .repo = repo,
				.record = record,
				.fuzz = options->fuzz,
				.stop_at_conflict = !options->keep_going };
	struct rq_oid ignored;
	int rc = 0;

	for (size_t i = 0; i < n; i++)
		list[i] = &items[i];
	walk.image = rq_image_new(&base_reader);
	if (options->source) {
		rc = rq_repo_resolve(repo, options->source, &ignored, &source.tree, err);
		walk.source = rq_image_new(&source_reader);
	}
	if (!rc)
		rc = rq_walk(&walk, list, n, err);
	if (!rc)
		rc = write_tree(repo, walk.image, record, err);
	rq_image_free(walk.image);
	rq_image_free(walk.source);
	free(list);
	return rc;
}

int rq_apply_run(struct rq_record *record, const struct rq_apply_input *inputs, size_t n,
		 const struct rq_apply_run_options *options, struct rq_err *err)
{
	struct rq_branch_record *branch = rq_vec_push(&record->branches);
	struct rq_item *items = rq_xcalloc(n, sizeof(*items));
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	double start = rq_now();
	int rc;

	branch->branch = rq_xstrdup(options->onto);
	rc = load(items, inputs, n, err);
	if (!rc)
		rc = rq_repo_open(&repo, options->repo_path, err);
	if (!rc)
		rc = rq_repo_resolve(repo, options->onto, &branch->base,
				     &branch->base_tree, err);
	if (!rc)
		rc = run(repo, branch, items, n, options, err);
	branch->seconds = rq_now() - start;
	rq_record_forget_patches(record);
	for (size_t i = 0; i < n; i++)
		rq_item_release(&items[i]);
	free(items);
	return rc;
}
