// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a patch: what is taken prints back byte for byte, names safe paths only, and has
 * hunks with the lines that their counts say.
 */
#include "fuzz.h"

#include "patch/patch.h"
#include "resolve/reviewed.h"
#include "util/path.h"

static void check_hunk(const struct rq_hunk *hunk)
{
	long old_lines = 0, new_lines = 0;

	for (size_t i = 0; i < hunk->n_lines; i++) {
		must(hunk->lines[i].text.n > 0);
		old_lines += hunk->lines[i].sign != '+';
		new_lines += hunk->lines[i].sign != '-';
	}
	must(old_lines == hunk->old_count && new_lines == hunk->new_count);
	must(hunk->leading + hunk->trailing <= hunk->n_lines);
}

static void check_file(const struct rq_filediff *diff)
{
	must(diff->old_path || diff->new_path);
	must(!diff->old_path || !rq_path_unsafe(rq_slice_of(diff->old_path)));
	must(!diff->new_path || !rq_path_unsafe(rq_slice_of(diff->new_path)));
	for (size_t i = 0; i < diff->n_hunks; i++)
		check_hunk(&diff->hunks[i]);
}

static void check_delta(const struct rq_filediff *diff)
{
	struct rq_slice base = RQ_SLICE("sixteen bytes...");
	struct rq_str out = { 0 };
	struct rq_err err;

	if (diff->has_binary && diff->forward.kind == RQ_BINARY_DELTA)
		rq_binary_apply_delta(base, rq_str_slice(&diff->forward.data), &out,
				      &err);
	rq_str_release(&out);
}

static int count(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	(void)err;
	must(line > 0 && rq_slice_eq(value, rq_slice_trim(value)));
	(*(size_t *)ctx)++;
	return 0;
}

static void check_head(const struct rq_patch *patch)
{
	struct rq_header header;
	struct rq_head_parts parts = { 0 };
	struct rq_upstream upstream;
	struct rq_err err;
	size_t n = 0;

	rq_header_read(&header, patch);
	must(header.message);
	rq_header_release(&header);
	rq_head_split(&parts, patch->head);
	rq_head_parts_release(&parts);
	must(rq_message_end(patch->head) <= patch->head.n);
	rq_upstream_read(&upstream, patch->head);
	must(rq_head_each(patch->head, "Subject", count, &n, &err) == 0);
}

static void check(struct rq_slice input, const struct rq_patch_options *options)
{
	struct rq_str printed = { 0 };
	struct rq_patch *patch = NULL;
	struct rq_err err = { 0 };
	struct rq_oid id;
	int rc = rq_patch_parse_copy(&patch, "input", input, options, &err);

	if (rc) {
		must((rc == RQ_EFORMAT || rc == RQ_EUNSAFE) &&
		     strncmp(err.msg, "input:", 6) == 0);
		return;
	}
	rq_patch_print(patch, &printed);
	must(rq_slice_eq(input, rq_str_slice(&printed)));
	for (size_t i = 0; i < patch->n_files; i++) {
		check_file(&patch->files[i]);
		check_delta(&patch->files[i]);
	}
	check_head(patch);
	rq_patch_id(&id, patch);
	rq_str_release(&printed);
	rq_patch_free(patch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rq_slice input = input_of(data, size);

	check(input, &RQ_PATCH_DEFAULTS);
	check(input, &(struct rq_patch_options){ .strip = 0 });
	check(input, &(struct rq_patch_options){ .strip = 1, .reverse = true });
	return 0;
}
