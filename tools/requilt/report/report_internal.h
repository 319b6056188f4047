/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of report/ share.
 */
#ifndef REQUILT_REPORT_REPORT_INTERNAL_H
#define REQUILT_REPORT_REPORT_INTERNAL_H

#include <jansson.h>

#include "report/report.h"

/* Below a branch's entries: the two boots, and what got worse with ">>" in front. */
void rq_report_booted(FILE *out, const struct rq_booted *booted, bool verbose);
/* The value of "boot" in a branch's object. */
json_t *rq_report_booted_json(const struct rq_booted *booted);

#endif
