/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which commits of a history say that they fix or revert others.  Each message is read once; what was found is kept
 * in a file of the cache.
 */
#ifndef REQUILT_HISTORY_FIXES_H
#define REQUILT_HISTORY_FIXES_H

#include "history/history.h"

struct rq_fix {
	struct rq_oid commit;
	enum rq_named_how how;
	char named
		[RQ_OID_HEX +
		 1]; /* the commit that it fixes, as its message has it: 7 to 40 digits */
};

struct rq_fix_index {
	rq_vec(struct rq_fix) v; /* a commit after its parents */
	size_t read;		 /* messages that this run read */
};

/*
 * All of @tip's history in @repo.  @cache is a directory, or NULL; an index there that is broken, or not of an earlier
 * tip, is made anew.
 */
int rq_fix_index_load(struct rq_fix_index *out, struct rq_repo *repo,
		      const struct rq_oid *tip, const char *cache, struct rq_err *err);
void rq_fix_index_release(struct rq_fix_index *index);

/* A commit that is wanted because @of, one of those asked for or found before, is there. */
struct rq_fix_found {
	const struct rq_fix *fix; /* borrowed from the index */
	struct rq_oid of;
};

struct rq_fixes_found {
	rq_vec(struct rq_fix_found) v; /* in that order */
};

/* The fixes of the @n commits @carried, the fixes of these, and so on; none of @carried itself. */
void rq_fixes_find(struct rq_fixes_found *out, const struct rq_fix_index *index,
		   const struct rq_oid *carried, size_t n);

/*
 * The commits of @to's history beside @from's, and those that they say they are upstream (own.c).  One that a later
 * own commit reverts is left out, unless that was reverted too.  At most 100000, the oldest, are read; the caller
 * frees out->v.
 */
int rq_own_commits(struct rq_oid_list *out, struct rq_repo *repo,
		   const struct rq_oid *from, const struct rq_oid *to,
		   struct rq_err *err);

#endif
