/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recorded resolutions: how a conflict was settled by hand, once.  Text files that a reader can
 * judge, in series/<queue>.resolved/, committed with the queue:
 *
 *	Resolution: 2
 *	Resolves: folio-rmap/0003-mm-x.patch
 *	Change: 0123...cdef               what the patch changes; another version is another change
 *	Hunk: 89ab...4567 1 mm/x.c        the same of each of its files and hunks
 *	Branch: linux-6.1.y               where it was made; it serves wherever the region is the same
 *	Region: 4567...89ab               the lines that the resolved patch stands on
 *	Who: A Developer <a@example.org>
 *	Note: context differs, 6.1 has no folio here
 *	Signed-off-by: A Developer <a@example.org>
 *	Patch: -p1                        the patch that it resolves, as it was then
 *	| diff --git a/mm/x.c b/mm/x.c
 *	| ...
 *	Digest: cdef...0123               of all other bytes of the file
 *	---
 *	diff --git a/mm/x.c b/mm/x.c
 *	...
 *
 * The digest finds out who edits one by mistake.  It is no signature: who means to can make it again.
 *
 * Only `requilt resolve` writes them.
 */
#ifndef REQUILT_RESOLVE_RESOLUTION_H
#define REQUILT_RESOLVE_RESOLUTION_H

#include <stdbool.h>

#include "git/git.h"
#include "patch/patch.h"
#include "resolve/change.h"
#include "resolve/was.h"
#include "util/err.h"
#include "util/vec.h"

struct rq_resolution {
	char *path; /* of the file; NULL before it is written */
	char *entry, *branch, *who, *note;
	bool signed_off;
	struct rq_oid change, region;
	struct rq_hunk_changes hunks; /* of the patch that it resolves */
	struct rq_str
		was;	/* that patch, see was.h; empty in records of earlier programs */
	bool version_1; /* @change is rq_change_of_1(), and nothing checks edits */
	struct rq_oid bytes; /* id of the file's bytes */
	struct rq_str diff;
};

struct rq_resolutions {
	rq_vec(struct rq_resolution) v; /* sorted by path */
	bool any_version; /* set before loading: take those of the earlier version, too */
};

/*
 * Loads series/<queue>.resolved/ below @root; a folder that is not there holds none.  RQ_EFORMAT
 * names the file and the field that is missing, what was edited, and the earlier version.
 */
int rq_resolutions_load(struct rq_resolutions *out, const char *root, const char *queue,
			struct rq_err *err);
void rq_resolutions_release(struct rq_resolutions *resolutions);

/* Adds the change of a file to @diff; a mode of RQ_MODE_NONE is a file that is not there. */
int rq_resolution_add(struct rq_resolution *resolution, const char *path,
		      enum rq_mode old_mode, struct rq_slice before,
		      enum rq_mode new_mode, struct rq_slice after, struct rq_err *err);
/*
 * Writes it, in the place of one of the same change and region.  Fills @path, and @region from
 * @diff.
 */
int rq_resolution_write(struct rq_resolution *resolution, const char *root,
			const char *queue, struct rq_err *err);
/*
 * Appends the bytes of a record, @bytes, as they are with @entry for its entry: nothing else changes but
 * the digest.
 */
void rq_resolution_rename(struct rq_str *out, struct rq_slice bytes, const char *entry);
/* What the file of a record is called; the caller frees. */
char *rq_resolution_name(const struct rq_resolution *resolution);
void rq_resolution_release(struct rq_resolution *resolution);

/*
 * The patch that takes the place of @source on a branch: its header with the note, as stable's
 * rules have it, then the resolved diff.  The caller frees it.
 */
int rq_resolution_patch(struct rq_patch **out, const struct rq_resolution *resolution,
			const struct rq_patch *source, struct rq_err *err);

#endif
