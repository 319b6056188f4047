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

/* In quotes, as a C string. */
static void print_quoted(struct rq_str *out, const char *side, const char *path)
{
	rq_str_addf(out, " \"%s/", side);
	for (; *path; path++)
		rq_str_addf(out, "%s%c", strchr("\"\\", *path) ? "\\" : "", *path);
	rq_str_adds(out, "\"");
}

void rq_print_diff_line(struct rq_str *out, const char *path, unsigned old_mode,
			unsigned new_mode, bool bare)
{
	if (bare && strchr(path, ' ')) {
		rq_str_adds(out, "diff --git");
		print_quoted(out, "a", path);
		print_quoted(out, "b", path);
		rq_str_adds(out, "\n");
	} else {
		rq_str_addf(out, "diff --git a/%s b/%s\n", path, path);
	}
	if (!old_mode)
		rq_str_addf(out, "new file mode %06o\n", new_mode);
	else if (!new_mode)
		rq_str_addf(out, "deleted file mode %06o\n", old_mode);
	else if (old_mode != new_mode)
		rq_str_addf(out, "old mode %06o\nnew mode %06o\n", old_mode, new_mode);
}

static void print_name(struct rq_str *out, const char *mark, const char *side,
		       const char *path, bool there)
{
	/* patch(1) ends a name at its first blank unless a tab comes behind it. */
	if (there)
		rq_str_addf(out, "%s %s/%s%s\n", mark, side, path,
			    strchr(path, ' ') ? "\t" : "");
	else
		rq_str_addf(out, "%s /dev/null\n", mark);
}

void rq_print_diff_names(struct rq_str *out, const char *path, unsigned old_mode,
			 unsigned new_mode)
{
	print_name(out, "---", "a", path, old_mode);
	print_name(out, "+++", "b", path, new_mode);
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
