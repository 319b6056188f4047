/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * series/<queue>.reviewed: yellow results that a reader has accepted.
 *
 *	# branch entry patch-id who
 *	linux-6.1.y folio-rmap/0003-x.patch 0123...cdef A Reader <a@example.org>
 *
 * A record holds for exactly one emitted change: when it comes out differently it is yellow
 * again.  Only `requilt accept` writes the file.
 */
#ifndef REQUILT_RESOLVE_REVIEWED_H
#define REQUILT_RESOLVE_REVIEWED_H

#include <stdbool.h>

#include "git/git.h"
#include "patch/patch.h"
#include "util/err.h"
#include "util/str.h"
#include "util/vec.h"

struct rq_review {
	char *branch, *entry, *who;
	struct rq_oid id;
};

struct rq_reviews {
	rq_vec(struct rq_review) v;
};

/* Loads @root/series/<queue>.reviewed; a file that is not there holds none. */
int rq_reviews_load(struct rq_reviews *out, const char *root, const char *queue,
		    struct rq_err *err);
void rq_reviews_release(struct rq_reviews *reviews);
/* Whether somebody accepted this very change of the entry on the branch. */
bool rq_reviews_accept(const struct rq_reviews *reviews, const char *branch,
		       const char *entry, struct rq_slice emitted);
/* Adds a line at the end of the file (made when missing). */
int rq_reviews_add(const char *root, const char *queue, const struct rq_review *review,
		   struct rq_err *err);
/* What @patch (NULL: none) changes, whatever line numbers, header and index lines say. */
void rq_patch_id(struct rq_oid *out, const struct rq_patch *patch);
/*
 * The patch-id of an emitted patch: what it changes, whatever the line numbers, header and
 * index lines say.
 */
void rq_review_id(struct rq_oid *out, struct rq_slice emitted);

#endif
