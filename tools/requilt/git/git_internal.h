/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of git/ share among themselves. */
#ifndef REQUILT_GIT_GIT_INTERNAL_H
#define REQUILT_GIT_GIT_INTERNAL_H

#include <git2.h>

/* Where git_error_set_str() is declared since libgit2 1.8; git2.h did it before. */
#if __has_include(<git2/sys/errors.h>)
#include <git2/sys/errors.h>
#endif

#include "git/git.h"

struct packs;

struct rq_repo {
	git_repository *git;
	git_odb *odb;
	struct packs *packs; /* asked before the odb */
};

/* Gives libgit2 an allocator that knows a bound (bound.c); before libgit2 starts. */
void rq_git_bound(void);
/* That bound. */
size_t rq_git_largest(void);
/* What to say of an object that is over it. */
void rq_git_say_bound(char *text, size_t n);

/* Ids that were found without a collision (checked.c): whether they are kept, and which they are. */
bool checked_wanted(void);
bool checked_has(const struct rq_oid *oid);
void checked_add(const struct rq_oid *oid);
void checked_release(void);

/* Puts our reader of loose objects in front of libgit2's (loose.c); libgit2's codes. */
int rq_loose_add(git_odb *odb, const char *objects);

/* The object, of any type, into the empty @out: from a pack or from libgit2, whose codes it has. */
int rq_git_read(struct rq_repo *repo, const struct rq_oid *oid, int *type,
		struct rq_str *out);

/* RQ_EGIT with libgit2's last message behind the text; call it before any other libgit2 call. */
int rq_git_fail(struct rq_err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* struct rq_oid and git_oid have the same bytes. */
static inline const git_oid *to_git_oid(const struct rq_oid *oid)
{
	return (const git_oid *)oid->id;
}

static inline void from_git_oid(struct rq_oid *out, const git_oid *oid)
{
	memcpy(out->id, oid->id, RQ_OID_SIZE);
}

#endif
