/* SPDX-License-Identifier: GPL-2.0-only */
/* Patches on their way into a queue of this repository: what import, fixes, needs and audit share. */
#ifndef REQUILT_CMD_INTAKE_H
#define REQUILT_CMD_INTAKE_H

#include "history/history.h"
#include "import/import.h"
#include "series/series.h"

struct rq_intake {
	const char *queue; /* made where there is none */
	const struct rq_branches *branches;
	const char *after, *before; /* an entry, or NULL: the end of the series */
	bool force;		    /* overwrite what differs */
	bool dry;		    /* write nothing */
	bool keep_quiet;	    /* print no names */
	bool keep_broken; /* one of several that cannot be read is an entry all the same */
};

/*
 * Makes entries of all of @what, or of none, and prints their names.  RQ_EQUEUE where patches that cannot be
 * read were taken too.
 */
int rq_cmd_take_in(struct rq_import *what, const struct rq_intake *how,
		   struct rq_err *err);

/*
 * Gives those of @what that have no guard the guards which their "Cc: stable" lines say, else the release that
 * their Fixes: are from; says what has to go first (stable_guards.c).
 */
int rq_cmd_stable_guards(struct rq_import *what, const struct rq_branches *branches,
			 struct rq_err *err);

/*
 * The versions that a patch is meant for, by its "Cc: stable" lines, else by the newest of the releases that have
 * what its Fixes: name, where one of the repositories of rq_cmd_histories() knows it.
 */
int rq_cmd_stable_read(struct rq_stable *out, struct rq_slice head,
		       const struct rq_branches *branches, struct rq_err *err);

#endif
