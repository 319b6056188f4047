/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record for people (the matrix) and for programs (JSON).
 */
#ifndef REQUILT_REPORT_REPORT_H
#define REQUILT_REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "record/record.h"

struct rq_matrix_options {
	bool color;   /* ANSI colours */
	bool quiet;   /* only the summary lines */
	bool verbose; /* a line for every entry that has something to say, green ones too */
	int width;    /* columns; 80 when not known */
};

/*
 * Entries down, branches across, one word an outcome; then a summary line a branch, then
 * what needs a reader's eye.  Text is cleaned of control characters.
 */
void rq_report_matrix(FILE *out, const struct rq_record *record,
		      const struct rq_matrix_options *options);

/* Appends the object of `port --json` and `apply --json`, with a newline. */
void rq_report_json(struct rq_str *out, const struct rq_record *record);

/*
 * Appends port.json: one branch, without times, so that reruns are identical; @digest says
 * what it was made from.
 */
void rq_report_port_json(struct rq_str *out, const char *queue,
			 const struct rq_branch_record *branch, const char *digest);

#endif
