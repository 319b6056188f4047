/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The jobs of a CI run: each branch in each stage, in the forms that CI systems read.
 */
#ifndef REQUILT_REPORT_JOBS_H
#define REQUILT_REPORT_JOBS_H

#include "series/series.h"

/*
 * Appends the jobs of @queues on all @branches, queue by queue in the order given, in the form
 * named.  RQ_EUSAGE for an unknown form; RQ_EQUEUE when there is no job, or more than the CI
 * system takes.
 */
int rq_jobs_print(struct rq_str *out, const char *format, const struct rq_names *queues,
		  const struct rq_branches *branches, struct rq_err *err);

#endif
