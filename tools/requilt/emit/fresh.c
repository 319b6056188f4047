// SPDX-License-Identifier: GPL-2.0-only
/*
 * A patch whose index lines have whole ids of the files that it was made for, and whose diffstat is right:
 * git am -3 finds the blobs that it merges with.  Hunks and texts keep every byte.
 */
#include "emit/emit.h"

#include <stdlib.h>

static bool is_same_file(const struct rq_filediff *a, const struct rq_filediff *b)
{
	const char *x = rq_filediff_path(a);
	const char *y = rq_filediff_path(b);

	return strcmp(x, y) == 0;
}

/* Between two diffs of one file it has a state that nobody has an id of. */
static bool is_there_twice(const struct rq_patch *patch, size_t at)
{
	for (size_t i = 0; i < patch->n_files; i++)
		if (i != at && is_same_file(&patch->files[i], &patch->files[at]))
			return true;
	return false;
}

static void add_index(struct rq_str *out, const struct rq_fresh_ids *ids)
{
	char old_hex[RQ_OID_HEX + 1], new_hex[RQ_OID_HEX + 1];

	rq_str_addf(out, "index %s..%s", rq_oid_hex(old_hex, &ids->old_oid),
		    rq_oid_hex(new_hex, &ids->new_oid));
	if (ids->old_mode && ids->old_mode == ids->new_mode)
		rq_str_addf(out, " %06o", (unsigned)ids->old_mode);
	rq_str_adds(out, "\n");
}

/* git's header keeps its lines but for the index; another one becomes git's. */
static void add_header(struct rq_str *out, const struct rq_filediff *file,
		       const struct rq_fresh_ids *ids)
{
	const char *path = rq_filediff_path(file);
	struct rq_slice rest = file->header, line;
	bool done = rq_oid_eq(&ids->old_oid, &ids->new_oid);

	if (!file->is_git) {
		rq_print_diff_line(out, path, ids->old_mode, ids->new_mode,
				   !file->n_hunks);
		add_index(out, ids);
		rq_print_diff_names(out, path, ids->old_mode, ids->new_mode);
		return;
	}
	while (rq_slice_next_line(&rest, &line)) {
		if (rq_slice_starts(line, "index "))
			continue;
		if (!done && rq_slice_starts(line, "--- ")) {
			add_index(out, ids);
			done = true;
		}
		rq_str_add_slice(out, line);
	}
	if (!done)
		add_index(out, ids);
}

static void add_hunks(struct rq_str *out, const struct rq_filediff *file)
{
	for (size_t i = 0; i < file->n_hunks; i++) {
		rq_str_add_slice(out, file->hunks[i].header);
		for (size_t k = 0; k < file->hunks[i].n_lines; k++)
			rq_str_add_slice(out, file->hunks[i].lines[k].raw);
	}
}

/* Below "---" where the head has no diffstat yet. */
static void add_head(struct rq_str *out, const struct rq_patch *patch)
{
	if (rq_diffstat_renew(out, patch))
		return;
	rq_str_add_slice(out, patch->head);
	if (rq_diffstat_there(patch->head) || !patch->head.n)
		return;
	if (!rq_slice_ends(patch->head, "---\n") &&
	    !rq_slice_ends(patch->head, "---\n\n"))
		return;
	rq_diffstat_print(out, patch);
	rq_str_adds(out, "\n");
}

void rq_emit_fresh(struct rq_str *out, const struct rq_patch *patch, rq_fresh_fn *find,
		   void *ctx)
{
	add_head(out, patch);
	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *file = &patch->files[i];
		struct rq_fresh_ids ids = { 0 };

		if (file->has_binary || is_there_twice(patch, i) ||
		    !find(ctx, file, &ids))
			rq_str_add_slice(out, file->header);
		else
			add_header(out, file, &ids);
		add_hunks(out, file);
		rq_str_add_slice(out, file->trailer);
	}
}
