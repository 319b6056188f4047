/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CI run of one queue as a file that is whole by itself, for an installed requilt.
 */
#ifndef REQUILT_REPORT_WORKFLOW_H
#define REQUILT_REPORT_WORKFLOW_H

#include "series/series.h"

struct rq_workflow {
	const char *queue;
	const char *command; /* what is called to make the file again */
	const char *image;   /* of the containers; Slurm has none */
	const char *setup;   /* a shell command that each job begins with */
	const char *fetch;   /* one that brings the bases into the repository $kernels */
	bool allow_yellow;   /* only red fails the run */
};

/*
 * Appends the file for @system: "github", "gitlab" or "slurm".  RQ_EUSAGE for another; RQ_EQUEUE where
 * the queue has no branch, or more jobs than GitHub takes.  The same input gives the same bytes.
 */
int rq_workflow_print(struct rq_str *out, const char *system,
		      const struct rq_workflow *workflow,
		      const struct rq_branches *branches, struct rq_err *err);

/* The command that brings the bases of the queue's branches where none is given; the caller frees. */
char *rq_workflow_fetch(const char *queue, const struct rq_branches *branches);

/* A word for the shell: 'don'\''t'. */
void rq_shell_add(struct rq_str *out, const char *word);

#endif
