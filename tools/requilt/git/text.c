// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text work that libgit2 does well: three-way merge, diff, similarity.
 * Decides nothing about patches.
 */
#include "git/git_internal.h"

#include <git2/sys/hashsig.h>

int rq_merge_file(const struct rq_merge *merge, struct rq_str *out, bool *clean,
		  struct rq_err *err)
{
	git_merge_file_input in[3] = { 0 };
	git_merge_file_options options = {
		.version = GIT_MERGE_FILE_OPTIONS_VERSION,
		.ancestor_label = merge->base_name,
		.our_label = merge->our_name,
		.their_label = merge->their_name,
		.flags = GIT_MERGE_FILE_STYLE_ZDIFF3,
		.marker_size = merge->marks,
	};
	git_merge_file_result result = { 0 };
	const struct rq_slice text[3] = { merge->base, merge->ours, merge->theirs };

	for (int i = 0; i < 3; i++) {
		in[i].version = GIT_MERGE_FILE_INPUT_VERSION;
		in[i].ptr = text[i].p;
		in[i].size = text[i].n;
	}
	if (git_merge_file(&result, &in[0], &in[1], &in[2], &options) < 0)
		return rq_git_fail(err, "merge");
	*clean = result.automergeable;
	rq_str_add(out, result.ptr, result.len);
	git_merge_file_result_free(&result);
	return 0;
}

static int add_line(const git_diff_delta *delta, const git_diff_hunk *hunk,
		    const git_diff_line *line, void *payload)
{
	struct rq_str *out = payload;

	(void)delta;
	(void)hunk;
	switch (line->origin) {
	case GIT_DIFF_LINE_CONTEXT:
	case GIT_DIFF_LINE_ADDITION:
	case GIT_DIFF_LINE_DELETION:
		rq_str_add(out, &line->origin, 1);
		/* fall through */
	case GIT_DIFF_LINE_CONTEXT_EOFNL:
	case GIT_DIFF_LINE_ADD_EOFNL:
	case GIT_DIFF_LINE_DEL_EOFNL:
	case GIT_DIFF_LINE_HUNK_HDR:
		rq_str_add(out, line->content, line->content_len);
		break;
	default:
		break;
	}
	return 0;
}

int rq_diff_hunks(struct rq_slice before, struct rq_slice after, struct rq_str *out,
		  struct rq_err *err)
{
	git_diff_options options;
	git_patch *patch;
	int rc;

	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags = GIT_DIFF_FORCE_TEXT;
	if (git_patch_from_buffers(&patch, before.p, before.n, NULL, after.p, after.n,
				   NULL, &options) < 0)
		return rq_git_fail(err, "diff");
	rc = git_patch_print(patch, add_line, out);
	git_patch_free(patch);
	return rc < 0 ? rq_git_fail(err, "diff") : 0;
}

struct stretches {
	void (*each)(long old_start, long old_lines, long new_start, long new_lines,
		     void *ctx);
	void *ctx;
};

static int pass_stretch(const git_diff_delta *delta, const git_diff_hunk *hunk,
			void *payload)
{
	struct stretches *to = payload;

	(void)delta;
	to->each(hunk->old_start, hunk->old_lines, hunk->new_start, hunk->new_lines,
		 to->ctx);
	return 0;
}

int rq_diff_each(struct rq_slice before, struct rq_slice after,
		 void (*each)(long old_start, long old_lines, long new_start,
			      long new_lines, void *ctx),
		 void *ctx, struct rq_err *err)
{
	struct stretches to = { .each = each, .ctx = ctx };
	git_diff_options options;

	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags = GIT_DIFF_FORCE_TEXT;
	options.context_lines = 0;
	if (git_diff_buffers(before.p, before.n, NULL, after.p, after.n, NULL, &options,
			     NULL, NULL, pass_stretch, NULL, &to) < 0)
		return rq_git_fail(err, "diff");
	return 0;
}

int rq_similarity(struct rq_slice a, struct rq_slice b, int *percent, struct rq_err *err)
{
	git_hashsig *sig[2] = { NULL, NULL };
	const struct rq_slice text[2] = { a, b };
	int rc = 0;

	for (int i = 0; i < 2 && rc >= 0; i++)
		rc = git_hashsig_create(&sig[i], text[i].p, text[i].n,
					GIT_HASHSIG_ALLOW_SMALL_FILES);
	if (rc >= 0)
		rc = *percent = git_hashsig_compare(sig[0], sig[1]);
	if (rc < 0)
		rq_git_fail(err, "similarity");
	git_hashsig_free(sig[0]);
	git_hashsig_free(sig[1]);
	return rc < 0 ? RQ_EGIT : 0;
}
