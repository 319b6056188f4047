// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the texts of a patch file harmless: they change nothing in what patch(1) reads.  Every line of
 * such a text that patch(1) looks for gets "> " in front, and no byte is lost.  Texts that make no
 * difference stay as they are, so a second time changes nothing.
 *
 * "> " is none of the signs that patch(1) takes for an indentation.  It could be the first line of a
 * normal diff, but only below a command, and commands get it as well.
 */
#include "patch/patch_internal.h"

#include <stdlib.h>

#include "util/mem.h"

static long count_lines(struct rq_slice text)
{
	struct rq_slice line;
	long n = 0;

	while (rq_slice_next_line(&text, &line))
		n++;
	return n;
}

/* The first bytes of an indentation and of what patch(1) looks for. */
static const bool first_bytes[256] = {
	[' '] = true, ['\t'] = true, ['X'] = true, ['-'] = true,	 ['+'] = true,
	['*'] = true, ['I'] = true,  ['@'] = true, ['P'] = true,	 ['d'] = true,
	['s'] = true, ['a'] = true,  ['c'] = true, ['i'] = true,	 ['n'] = true,
	['o'] = true, ['r'] = true,  ['G'] = true, ['0' ... '9'] = true,
};

/* May patch(1) look for this line of a text?  @git: behind a "diff --git" line. */
static bool is_mark(struct rq_slice line, bool git)
{
	static const char *const words[] = { "+++ ", "*** ",	    "Index:",  "Prereq:",
					     "@@ -", "diff --git ", "********" };
	struct rq_slice plain;

	if (!first_bytes[(unsigned char)line.p[0]])
		return false;
	rq_take_indent(&line);
	if (!line.n || !first_bytes[(unsigned char)line.p[0]])
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (rq_slice_starts(line, words[i]))
			return true;
	plain = line;
	rq_take_nesting(&plain);
	return rq_slice_starts(plain, "--- ") || rq_is_command(line) ||
	       (git && rq_is_git_field(line));
}

static bool has_mark(const struct rq_piece *pieces, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct rq_slice rest = pieces[i].bytes, line;

		while (!pieces[i].ours && rq_slice_next_line(&rest, &line))
			if (is_mark(line, true))
				return true;
	}
	return false;
}

/*
 * Do the texts make no difference to this diff?  An Index: line counts where there is no other name;
 * whether the old side is not there for sure, or perhaps, is the same to patch(1).
 */
static bool reads_the_same(const struct rq_reading *with,
			   const struct rq_reading *without)
{
	bool named = without->old_name.n || without->new_name.n;

	if (with->kind == RQ_STARTED_NONE && without->kind == RQ_STARTED_NONE)
		return true;
	return with->kind == without->kind && with->piece == without->piece &&
	       with->p == without->p && with->nesting == without->nesting &&
	       rq_slice_eq(with->old_name, without->old_name) &&
	       rq_slice_eq(with->new_name, without->new_name) &&
	       (named || rq_slice_eq(with->index_name, without->index_name)) &&
	       rq_slice_eq(with->revision, without->revision) &&
	       !with->old_absent == !without->old_absent &&
	       with->new_absent == without->new_absent &&
	       rq_slice_eq(with->old_mode, without->old_mode) &&
	       rq_slice_eq(with->new_mode, without->new_mode) &&
	       with->moved == without->moved;
}

static void mark_texts(struct rq_piece *pieces, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		pieces[i].quoted = !pieces[i].ours;
}

/*
 * Compares what patch(1) reads with the texts and without them, diff by diff; where they differ, the
 * texts in front of the diff are marked as quoted.
 */
static bool find_texts(struct rq_piece *pieces, size_t n, enum rq_started_kind *kind)
{
	struct rq_scan all, bare;
	struct rq_reading with, without;
	bool after_hunks = false, found = false;

	rq_scan_start(&all, pieces, n, true);
	rq_scan_start(&bare, pieces, n, false);
	do {
		size_t from = all.piece;

		rq_scan_read(&all, &with, after_hunks);
		rq_scan_read(&bare, &without, after_hunks);
		if (!reads_the_same(&with, &without)) {
			mark_texts(pieces, from, without.piece);
			if (!found && (with.p != without.p || with.kind != without.kind))
				*kind = with.kind;
			found = true;
			all = bare;
			all.texts = true;
		}
		after_hunks = without.kind == RQ_STARTED_UNIFIED;
		if (after_hunks) {
			rq_scan_skip_hunks(&all);
			rq_scan_skip_hunks(&bare);
		}
	} while (without.piece < n);
	return found;
}

/* @number is that of the text's first line. */
static void add_quoted(struct rq_str *out, struct rq_slice text, long number, bool git,
		       struct rq_started *first)
{
	struct rq_slice line;

	for (; rq_slice_next_line(&text, &line); number++) {
		bool mark = is_mark(line, git);

		git |= memmem(line.p, line.n, "diff --git ", 11) != NULL;
		if (mark && !first->lines++)
			first->line = number;
		rq_str_adds(out, mark ? "> " : "");
		rq_str_add_slice(out, line);
	}
}

void rq_harmless(struct rq_str *out, struct rq_piece *pieces, size_t n,
		 struct rq_started *first)
{
	bool git = false, found;
	long line = 1;

	*first = (struct rq_started){ 0 };
	found = has_mark(pieces, n) && find_texts(pieces, n, &first->kind);
	for (size_t i = 0; i < n; i++) {
		struct rq_slice bytes = pieces[i].bytes;

		if (pieces[i].quoted)
			add_quoted(out, bytes, line, git, first);
		else
			rq_str_add_slice(out, bytes);
		if (pieces[i].ours)
			git = rq_slice_has(bytes, "diff --git ");
		if (found)
			line += count_lines(bytes);
	}
}

size_t rq_pieces_of(struct rq_piece **out, struct rq_slice head,
		    const struct rq_patch *patch)
{
	size_t n = 0;
	struct rq_piece *pieces = rq_xcalloc(1 + 2 * patch->n_files, sizeof(*pieces));

	pieces[n++].bytes = head;
	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *file = &patch->files[i];
		const char *p = file->header.p;

		pieces[n].ours = true;
		pieces[n++].bytes = (struct rq_slice){ p, (size_t)(file->trailer.p - p) };
		pieces[n++].bytes = file->trailer;
	}
	*out = pieces;
	return n;
}

void rq_harmless_patch(struct rq_str *out, struct rq_slice head,
		       const struct rq_patch *patch, struct rq_started *first)
{
	_cleanup_free_ struct rq_piece *pieces = NULL;
	size_t n = rq_pieces_of(&pieces, head, patch);

	rq_harmless(out, pieces, n, first);
}

bool rq_texts_matter(struct rq_piece *pieces, size_t n)
{
	enum rq_started_kind kind;

	return has_mark(pieces, n) && find_texts(pieces, n, &kind);
}

const char *rq_started_word(enum rq_started_kind kind)
{
	static const char *const words[] = {
		[RQ_STARTED_NONE] = "no diff",
		[RQ_STARTED_UNIFIED] = "a unified diff",
		[RQ_STARTED_CONTEXT] = "a context diff",
		[RQ_STARTED_NORMAL] = "a normal diff",
		[RQ_STARTED_ED] = "an ed script",
		[RQ_STARTED_GIT] = "a git diff",
		[RQ_STARTED_BINARY] = "a binary diff",
	};

	return words[kind];
}
