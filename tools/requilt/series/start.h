/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first files of a queue repository.
 */
#ifndef REQUILT_SERIES_START_H
#define REQUILT_SERIES_START_H

#include "util/err.h"
#include "util/names.h"
#include "util/vec.h"

struct rq_start_branch {
	char *name, *base; /* "linux-6.1.y", "v6.1.100" */
};

struct rq_start {
	const char *root, *queue;
	const char *repository; /* the kernel repository, or NULL: the default */
	const char *committer;	/* "Name <address>", or NULL: the default */
	rq_vec(struct rq_start_branch) branches;
};

/* Takes "NAME=REVISION" apart; RQ_EUSAGE where it is not that. */
int rq_start_add(struct rq_start *start, const char *word, struct rq_err *err);

/* RQ_EFORMAT where @start->root is a queue repository already. */
int rq_start_check(const struct rq_start *start, struct rq_err *err);

/*
 * Writes branches.conf, a series with comments only, .gitattributes and .gitignore below @start->root,
 * and adds their names to @written.  Lines are added to git's two files where they are there.
 * branches.conf comes last, so a directory is a queue repository when all is there.
 */
int rq_start_write(struct rq_names *written, const struct rq_start *start,
		   struct rq_err *err);

void rq_start_release(struct rq_start *start);

#endif
