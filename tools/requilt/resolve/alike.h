/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hunks of one text in one file: only their place says which of them is which.
 */
#ifndef REQUILT_RESOLVE_ALIKE_H
#define REQUILT_RESOLVE_ALIKE_H

#include "patch/patch.h"

/* Of two versions of a file's diff. */
struct rq_alike {
	bool *twice; /* per hunk of the later version: either one has its text more than once */
	bool any; /* that is so of a hunk of either version */
};

void rq_alike_find(struct rq_alike *out, const struct rq_filediff *was,
		   const struct rq_filediff *now);
void rq_alike_release(struct rq_alike *alike);

bool rq_hunk_same_text(const struct rq_hunk *a, const struct rq_hunk *b);
/* The stated line and function. */
bool rq_hunk_same_place(const struct rq_hunk *a, const struct rq_hunk *b);

#endif
