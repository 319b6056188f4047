/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The jobs of a CI run: each branch in each stage, in the forms that CI systems read.
 */
#ifndef REQUILT_REPORT_JOBS_H
#define REQUILT_REPORT_JOBS_H

#include "series/series.h"
#include "util/vec.h"

/* GitHub refuses a matrix with more. */
#define RQ_GITHUB_JOBS 256

/* Borrows its strings. */
struct rq_job {
	const char *queue, *branch, *arch, *stage;
};

struct rq_jobs {
	rq_vec(struct rq_job) v;
};

/* Appends each branch that @queue is for in each of its stages. */
void rq_jobs_list(struct rq_jobs *out, const char *queue,
		  const struct rq_branches *branches);

/*
 * Appends the jobs of @queues on all @branches, queue by queue in the order given, in the form
 * named.  RQ_EUSAGE for an unknown form; RQ_EQUEUE when there is no job, or more than the CI
 * system takes.
 */
int rq_jobs_print(struct rq_str *out, const char *format, const struct rq_names *queues,
		  const struct rq_branches *branches, struct rq_err *err);

#endif
