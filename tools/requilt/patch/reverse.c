// SPDX-License-Identifier: GPL-2.0-only
/*
 * -R: turns a parsed patch round.  Raw slices stay as they were read, so a reversed patch
 * still prints as its input.  Refuses what has no opposite in the patch itself: a copy
 * (is it to be deleted, with which bytes?) and a binary change without its way back.
 */
#include "patch/patch_internal.h"

#define SWAP(a, b)                         \
	do {                               \
		__typeof__(a) swap_ = (a); \
		(a) = (b);                 \
		(b) = swap_;               \
	} while (0)

static void reverse_hunk(struct rq_hunk *hunk)
{
	SWAP(hunk->old_start, hunk->new_start);
	SWAP(hunk->old_count, hunk->new_count);
	for (size_t i = 0; i < hunk->n_lines; i++) {
		if (hunk->lines[i].sign == '+')
			hunk->lines[i].sign = '-';
		else if (hunk->lines[i].sign == '-')
			hunk->lines[i].sign = '+';
	}
}

static void reverse_file(struct rq_filediff *file)
{
	if (file->change == RQ_CHANGE_CREATE)
		file->change = RQ_CHANGE_DELETE;
	else if (file->change == RQ_CHANGE_DELETE)
		file->change = RQ_CHANGE_CREATE;
	SWAP(file->old_path, file->new_path);
	SWAP(file->old_mode, file->new_mode);
	SWAP(file->old_index, file->new_index);
	SWAP(file->forward, file->reverse);
	for (size_t i = 0; i < file->n_hunks; i++)
		reverse_hunk(&file->hunks[i]);
}

int rq_parse_reverse(struct rq_parser *parser, struct rq_patch *patch)
{
	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *file = &patch->files[i];

		if (file->change == RQ_CHANGE_COPY)
			return rq_parser_fail(parser, RQ_EFORMAT, file->line,
					      "a copy cannot be reversed");
		if (file->has_binary && !file->has_reverse)
			return rq_parser_fail(parser, RQ_EFORMAT, file->line,
					      "binary diff without its reverse cannot be "
					      "reversed");
	}
	for (size_t i = 0; i < patch->n_files; i++)
		reverse_file(&patch->files[i]);
	patch->reversed = true;
	return 0;
}
