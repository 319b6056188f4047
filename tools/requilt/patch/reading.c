// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does patch(1) read a file as the parser did?  Diff by diff: where it starts, in which format, of which
 * file, and whether that is made or removed.  2.8 takes no NUL byte but in lines of hunks.  Judges what
 * was emitted: -p1, nothing renamed.
 */
#include "patch/patch_internal.h"

#include <stdlib.h>

#include "util/mem.h"

/* The number of the line at @p, a byte of the file; NULL: of the one behind the last. */
static long line_at(const struct rq_patch *patch, const char *p)
{
	struct rq_slice rest = rq_str_slice(&patch->buf), line;
	long n = 1;

	while (rq_slice_next_line(&rest, &line) && (!p || line.p < p))
		n++;
	return n;
}

static int differs(const struct rq_patch *patch, long line, struct rq_err *err,
		   const char *what)
{
	return rq_err_set(err, RQ_EQUEUE, "%s:%ld: %s", patch->name, line, what);
}

/* Does a name of a header, one part stripped, mean @path?  A quoted one is unquoted by both alike. */
static bool means(struct rq_slice name, const char *path)
{
	if (name.n && name.p[0] == '"')
		return true;
	return rq_name_means(name, rq_slice_of(path));
}

static bool names_agree(const struct rq_reading *r, const char *path)
{
	return (r->old_name.n || r->new_name.n) &&
	       (!r->old_name.n || means(r->old_name, path)) &&
	       (!r->new_name.n || means(r->new_name, path));
}

/* patch(1) makes and removes a file where both say so; it would leave an empty one otherwise. */
static bool change_agrees(const struct rq_reading *r, enum rq_change change)
{
	switch (change) {
	case RQ_CHANGE_CREATE:
		return r->old_absent && r->new_absent != RQ_SURELY;
	case RQ_CHANGE_DELETE:
		return r->new_absent == RQ_SURELY && r->old_absent != RQ_SURELY;
	case RQ_CHANGE_EDIT:
		return r->old_absent != RQ_SURELY && r->new_absent != RQ_SURELY;
	default:
		return true;
	}
}

static int check_diff(const struct rq_patch *patch, const struct rq_filediff *file,
		      const struct rq_reading *r, struct rq_err *err)
{
	bool moved = file->change == RQ_CHANGE_RENAME || file->change == RQ_CHANGE_COPY;
	const char *path = rq_filediff_path(file);

	if (r->kind != (file->n_hunks ? RQ_STARTED_UNIFIED : RQ_STARTED_GIT) ||
	    (file->n_hunks && r->p != file->hunks[0].header.p))
		return differs(patch, line_at(patch, r->p), err,
			       "patch(1) would start another diff here");
	if (r->indent || r->nesting)
		return differs(
			patch, file->line, err,
			"patch(1) would read this diff as an indented or quoted one");
	if (moved != r->moved || (!moved && !names_agree(r, path)))
		return differs(patch, file->line, err,
			       "patch(1) would take another file for this diff");
	if (!change_agrees(r, file->change))
		return differs(patch, file->line, err,
			       "patch(1) would make or remove another file here");
	return 0;
}

static int check_nul(const struct rq_patch *patch, struct rq_slice text,
		     struct rq_err *err)
{
	const char *nul = memchr(text.p, '\0', text.n);

	if (!nul)
		return 0;
	while (nul > text.p && nul[-1] != '\n')
		nul--;
	return differs(patch, line_at(patch, nul), err,
		       "a NUL byte here, at which patch(1) stops since 2.8; remove it");
}

/* Lines of hunks may hold them. */
static int check_nuls(const struct rq_patch *patch, struct rq_err *err)
{
	int rc = check_nul(patch, patch->head, err);

	for (size_t i = 0; i < patch->n_files && !rc; i++) {
		const struct rq_filediff *file = &patch->files[i];

		rc = check_nul(patch, file->header, err);
		for (size_t k = 0; k < file->n_hunks && !rc; k++)
			rc = check_nul(patch, file->hunks[k].header, err);
		if (!rc)
			rc = check_nul(patch, file->trailer, err);
	}
	return rc;
}

int rq_patch_check_reading(const struct rq_patch *patch, struct rq_err *err)
{
	_cleanup_free_ struct rq_piece *pieces = NULL;
	size_t n = rq_pieces_of(&pieces, patch->head, patch);
	bool texts = rq_texts_matter(pieces, n), after_hunks = false;
	struct rq_reading r = { 0 };
	struct rq_scan scan;

	if (check_nuls(patch, err))
		return err->code;
	rq_scan_start(&scan, pieces, n, texts);
	for (size_t i = 0; i < patch->n_files; i++) {
		rq_scan_read(&scan, &r, after_hunks);
		if (check_diff(patch, &patch->files[i], &r, err))
			return err->code;
		after_hunks = r.kind == RQ_STARTED_UNIFIED;
		if (after_hunks)
			rq_scan_skip_hunks(&scan);
	}
	rq_scan_read(&scan, &r, after_hunks);
	if (r.kind != RQ_STARTED_NONE)
		return differs(patch, line_at(patch, r.p), err,
			       "patch(1) would start another diff here");
	return texts ? differs(patch, 1, err,
			       "patch(1) would take something from its text")
		     : 0;
}
