// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ids that exported patches name: of the files before and after, in the trees of the commits that port
 * made.
 */
#include "cmd/cmd.h"
#include "cmd/export.h"

#include <stdlib.h>

/* The trees before and after a patch. */
struct step {
	struct rq_repo *repo;
	struct rq_oid before, after;
};

static bool find(void *ctx, const struct rq_filediff *file, struct rq_fresh_ids *ids)
{
	const struct step *step = ctx;
	const char *path = rq_filediff_path(file);
	struct rq_err ignored;

	return rq_tree_lookup(step->repo, &step->before, path, &ids->old_oid,
			      &ids->old_mode, &ignored) == 0 &&
	       rq_tree_lookup(step->repo, &step->after, path, &ids->new_oid,
			      &ids->new_mode, &ignored) == 0 &&
	       (ids->old_mode || ids->new_mode);
}

static const struct rq_ported_entry *entry_of(const struct rq_ported *ported,
					      const char *queue, const char *name)
{
	for (size_t i = 0; i < ported->entries.n; i++) {
		_cleanup_free_ char *emitted =
			rq_emit_name(queue, ported->entries.v[i].patch);

		if (strcmp(emitted, name) == 0)
			return &ported->entries.v[i];
	}
	return NULL;
}

static int freshen(struct rq_output *file, struct step *step, struct rq_err *err)
{
	_cleanup_(rq_patch_freep) struct rq_patch *patch = NULL;
	struct rq_str out = { 0 };
	int rc = rq_patch_parse_copy(&patch, file->name, rq_str_slice(&file->bytes),
				     &RQ_PATCH_DEFAULTS, err);

	if (rc)
		return rc;
	rq_emit_fresh(&out, patch, find, step);
	rq_str_release(&file->bytes);
	file->bytes = out;
	return 0;
}

int rq_export_freshen(struct rq_outputs *files, const struct rq_ported *ported,
		      const char *queue, struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	struct step step = { 0 };
	int64_t when;
	int rc = rq_cmd_open_repo(&repo, false, err);

	step.repo = repo;
	if (!rc)
		rc = rq_commit_info(repo, &ported->base, &when, &step.after, err);
	for (size_t i = 0; i + 1 < files->v.n && !rc; i++) {
		const struct rq_ported_entry *entry =
			entry_of(ported, queue, files->v.v[i].name);

		if (!entry || rq_oid_is_zero(&entry->commit))
			continue;
		step.before = step.after;
		rc = rq_commit_info(repo, &entry->commit, &when, &step.after, err);
		if (!rc)
			rc = freshen(&files->v.v[i], &step, err);
	}
	return rc;
}
