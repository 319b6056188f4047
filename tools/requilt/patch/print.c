// SPDX-License-Identifier: GPL-2.0-only
/*
 * A patch printed from its parts, and released.  Printing takes the raw slices only, so
 * that what comes out equals what went in exactly when no byte was lost or used twice.
 */
#include "patch/patch_internal.h"

void rq_patch_print(const struct rq_patch *patch, struct rq_str *out)
{
	rq_str_reserve(out, patch->buf.len);
	rq_str_add_slice(out, patch->head);
	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *file = &patch->files[i];

		rq_str_add_slice(out, file->header);
		for (size_t k = 0; k < file->n_hunks; k++) {
			const struct rq_hunk *hunk = &file->hunks[k];

			rq_str_add_slice(out, hunk->header);
			for (size_t l = 0; l < hunk->n_lines; l++)
				rq_str_add_slice(out, hunk->lines[l].raw);
		}
		rq_str_add_slice(out, file->trailer);
	}
}

void rq_patch_free(struct rq_patch *patch)
{
	if (!patch)
		return;
	for (size_t i = 0; i < patch->n_files; i++) {
		rq_binary_release(&patch->files[i].forward);
		rq_binary_release(&patch->files[i].reverse);
	}
	for (size_t i = 0; i < patch->strings.n; i++)
		free(patch->strings.v[i]);
	rq_vec_release(&patch->strings);
	free(patch->files);
	free(patch->hunks);
	free(patch->lines);
	rq_str_release(&patch->buf);
	free(patch->name);
	free(patch);
}

void rq_patch_freep(struct rq_patch **patch)
{
	rq_patch_free(*patch);
	*patch = NULL;
}
