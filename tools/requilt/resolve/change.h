/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a patch changes, as an id that the records of people hold: "Change:".  It is not git's
 * patch-id.  Every part is hashed with its length, so that no two lists of parts read alike.
 */
#ifndef REQUILT_RESOLVE_CHANGE_H
#define REQUILT_RESOLVE_CHANGE_H

#include "git/git.h"
#include "patch/patch.h"
#include "util/str.h"
#include "util/vec.h"

/* Appends @part with its length; NULL of rq_change_word() is another word than "". */
void rq_change_part(struct rq_str *out, struct rq_slice part);
void rq_change_word(struct rq_str *out, const char *word);
void rq_change_number(struct rq_str *out, long number);
/* Appends names, modes and number of hunks of a file; and the lines of a hunk. */
void rq_change_file(struct rq_str *out, const struct rq_filediff *diff);
void rq_change_hunk(struct rq_str *out, const struct rq_hunk *hunk);
/* The id of what was appended. */
void rq_change_id(struct rq_oid *out, const struct rq_str *parts);

/* What @patch (NULL: none) changes, whatever line numbers, header and index lines say. */
void rq_change_of(struct rq_oid *out, const struct rq_patch *patch);
/* The id that the records of the earlier version had for it, to renew them. */
void rq_change_of_1(struct rq_oid *out, const struct rq_patch *patch);

/* One file and hunk of a patch; 0 is the file as a whole, where it has no hunks. */
struct rq_hunk_change {
	char *file;
	size_t hunk; /* from 1 */
	struct rq_oid id;
};

struct rq_hunk_changes {
	rq_vec(struct rq_hunk_change) v;
};

void rq_hunk_changes_of(struct rq_hunk_changes *out, const struct rq_patch *patch);
/* The first of @changes that @others have not, by its id; NULL: they have all. */
const struct rq_hunk_change *rq_hunk_changes_new(const struct rq_hunk_changes *changes,
						 const struct rq_hunk_changes *others);
void rq_hunk_changes_release(struct rq_hunk_changes *changes);

#endif
