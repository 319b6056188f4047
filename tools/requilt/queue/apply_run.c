// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patches onto a tree without a queue: what `requilt apply` does.  Stores the objects of the
 * final state only; moves no ref and writes no commit.
 */
#include "queue/queue_internal.h"

#include "util/clock.h"

#include <stdlib.h>

struct storing {
	struct rq_treeedit *edit;
	struct rq_pack *pack;
	struct rq_err *err;
};

/* What the walk did not store, since an entry that failed was to change it again. */
static int store(struct rq_file *file, void *ctx)
{
	struct storing *s = ctx;
	struct rq_str bytes = { 0 };

	if (file->mode == RQ_MODE_NONE || file->has_oid)
		return 0;
	rq_file_bytes(file, &bytes);
	file->has_oid = true;
	return rq_pack_queue(s->pack, RQ_OBJ_BLOB, &bytes, &file->oid, s->err);
}

static int take_out(struct rq_file *file, void *ctx)
{
	struct storing *s = ctx;
	int rc = file->mode == RQ_MODE_NONE
			 ? rq_treeedit_remove(s->edit, file->path, s->err)
			 : 0;

	/* Made and taken away again by the same queue. */
	return rc == RQ_ENOTFOUND ? 0 : rc;
}

static int put_in(struct rq_file *file, void *ctx)
{
	struct storing *s = ctx;

	return file->mode == RQ_MODE_NONE
		       ? 0
		       : rq_treeedit_set(s->edit, file->path, file->mode, &file->oid,
					 s->err);
}

static int write_tree(struct rq_walk *walk, struct rq_err *err)
{
	struct storing s = { .pack = walk->pack, .err = err };
	int rc = rq_treeedit_new(&s.edit, walk->repo, &walk->record->base_tree, err);

	if (!rc)
		rc = rq_image_each_touched(walk->image, store, &s);
	if (!rc)
		rc = rq_pack_drain(s.pack, err);
	if (!rc)
		rc = rq_image_each_touched(walk->image, take_out, &s);
	if (!rc)
		rc = rq_image_each_touched(walk->image, put_in, &s);
	if (!rc)
		rc = rq_treeedit_write(s.edit, s.pack, &walk->record->tree, err);
	if (!rc)
		rc = rq_pack_commit(s.pack, err);
	rq_treeedit_free(s.edit);
	return rc;
}

struct patches {
	struct rq_item *items;
	const struct rq_apply_input *inputs;
};

static int load(size_t i, void *ctx, struct rq_err *err)
{
	struct patches *p = ctx;

	return rq_item_load(&p->items[i], p->inputs[i].name, p->inputs[i].path,
			    &p->inputs[i].options, err);
}

static int run(struct rq_repo *repo, struct rq_record *all,
	       struct rq_branch_record *record, struct rq_item *items, size_t n,
	       const struct rq_apply_run_options *options, struct rq_err *err)
{
	const struct rq_item **list = rq_xcalloc(n, sizeof(*list));
	struct rq_blobs *blobs = rq_blobs_new();
	struct rq_tree_reader base = { repo, record->base_tree, blobs },
			      source = { .repo = repo, .blobs = blobs };
	struct rq_reader base_reader = rq_tree_reader(&base),
			 source_reader = rq_tree_reader(&source);
	struct rq_made made = { 0 };
	struct rq_walk walk = { .repo = repo,
				.record = record,
				.fuzz = options->fuzz,
				.blobs = blobs,
				.jobs = options->jobs,
				.checks = true,
				.progress = options->progress,
				.rules = { .cache = options->cache },
				.made = &made,
				.bridges = options->bridges,
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
		rc = rq_pack_new(&walk.pack, repo, 1, err);
	if (!rc)
		rc = rq_pack_threads(walk.pack, (int)options->jobs, err);
	if (!rc)
		rq_walk_read_ahead(&walk, list, n);
	if (!rc)
		rc = rq_walk(&walk, list, n, err);
	if (!rc)
		rc = write_tree(&walk, err);
	rq_pack_free(walk.pack);
	rq_image_free(walk.image);
	rq_image_free(walk.source);
	rq_blobs_free(blobs);
	rq_record_forget_patches(all);
	for (size_t i = 0; i < made.v.n; i++)
		rq_patch_free(made.v.v[i]);
	rq_vec_release(&made.v);
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
	rc = rq_items_load(n, options->jobs, load, &(struct patches){ items, inputs },
			   err);
	for (size_t i = 0; i < n && !rc && !options->keep_going; i++)
		if (items[i].broken)
			rc = rq_err_set(err, RQ_EFORMAT, "%s", items[i].broken);
	if (!rc)
		rc = rq_repo_open(&repo, options->repo_path, err);
	if (!rc)
		rc = rq_repo_resolve(repo, options->onto, &branch->base,
				     &branch->base_tree, err);
	if (!rc)
		rc = run(repo, record, branch, items, n, options, err);
	branch->seconds = rq_now() - start;
	rq_record_forget_patches(record);
	for (size_t i = 0; i < n; i++)
		rq_item_release(&items[i]);
	free(items);
	return rc;
}
