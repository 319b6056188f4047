/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * series/<queue>.reviewed: yellow results that a reader has accepted.
 *
 *	# branch entry Change: id who
 *	Version: 2
 *	linux-6.1.y folio-rmap/0003-x.patch Change: 0123...cdef A Reader <a@example.org>
 *
 * A record holds for exactly one change of a branch, with its message and its place: when it comes out
 * differently it is yellow again.  Only `requilt accept` writes the file.  A line of the earlier
 * version, which `accept --renew` could not judge, has "Earlier:" and accepts nothing.
 */
#ifndef REQUILT_RESOLVE_REVIEWED_H
#define REQUILT_RESOLVE_REVIEWED_H

#include <stdbool.h>

#include "git/git.h"
#include "util/err.h"
#include "util/str.h"
#include "util/vec.h"

struct rq_review {
	char *branch, *entry, *who;
	struct rq_oid id;
	/* @id is rq_change_of_1() of what was emitted: it accepts nothing. */
	bool version_1;
};

struct rq_reviews {
	rq_vec(struct rq_review) v; /* in the order of the lines */
	bool any_version; /* set before loading: take a file of the earlier version, too */
};

/*
 * Loads @root/series/<queue>.reviewed; a file that is not there holds none.  RQ_EFORMAT for one of the
 * earlier version, unless asked for.
 */
int rq_reviews_load(struct rq_reviews *out, const char *root, const char *queue,
		    struct rq_err *err);
void rq_reviews_release(struct rq_reviews *reviews);
/* Whether somebody accepted this very change of the entry on the branch; the zero id is none. */
bool rq_reviews_accept(const struct rq_reviews *reviews, const char *branch,
		       const char *entry, const struct rq_oid *change);
/* Adds a line at the end of the file (made when missing). */
int rq_reviews_add(const char *root, const char *queue, const struct rq_review *review,
		   struct rq_err *err);
/*
 * Writes the file again with @reviews, which stand for its lines one by one; those of the zero id go.
 * Comments stay where they are.
 */
int rq_reviews_write(const struct rq_reviews *reviews, const char *root,
		     const char *queue, struct rq_err *err);

#endif
