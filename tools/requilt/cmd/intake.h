/* SPDX-License-Identifier: GPL-2.0-only */
/* Patches on their way into a queue of this repository: what import, fixes, needs and audit share. */
#ifndef REQUILT_CMD_INTAKE_H
#define REQUILT_CMD_INTAKE_H

#include "import/import.h"
#include "series/series.h"

struct rq_intake {
	const char *queue; /* made where there is none */
	const struct rq_branches *branches;
	const char *after, *before; /* an entry, or NULL: the end of the series */
	bool force;		    /* overwrite what differs */
	bool dry;		    /* write nothing */
	bool keep_broken; /* one of several that cannot be read is an entry all the same */
};

/*
 * Makes entries of all of @what, or of none, and prints their names.  RQ_EQUEUE where patches that cannot be
 * read were taken too.
 */
int rq_cmd_take_in(struct rq_import *what, const struct rq_intake *how,
		   struct rq_err *err);

#endif
