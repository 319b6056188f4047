/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of report/ share.
 */
#ifndef REQUILT_REPORT_REPORT_INTERNAL_H
#define REQUILT_REPORT_REPORT_INTERNAL_H

#include <jansson.h>

#include "report/report.h"

/* --- of a hunk (hunk.c, beside.c) --- */

/* "file hunk 2: @rung: @sentence", with the place where @place asks; @sentence may be NULL. */
void rq_put_hunk(FILE *out, const struct rq_hunk_record *hunk, const char *rung,
		 const char *sentence, bool place);
/* The rows in 100 columns, and nothing where there are none. */
void rq_put_beside(FILE *out, const struct rq_beside *beside, bool color);
/* That a source tree may help, once for all @hunks; nothing where it would not. */
void rq_put_source(FILE *out, const struct rq_hunk_record *hunks, size_t n);

/* The hunk's offers with their numbers and diffs. */
void rq_put_offers(FILE *out, const struct rq_hunk_record *hunk, bool color);

/* Below a branch's entries: the two boots, and what got worse with ">>" in front. */
void rq_report_booted(FILE *out, const struct rq_booted *booted, bool verbose);
/* The value of "boot" in a branch's object. */
json_t *rq_report_booted_json(const struct rq_booted *booted);

#endif
