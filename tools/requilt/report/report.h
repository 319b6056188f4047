/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record for people (the matrix) and for programs (JSON).
 */
#ifndef REQUILT_REPORT_REPORT_H
#define REQUILT_REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "record/record.h"
#include "record/verified.h"

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
 * what it was made from, @output what the other files are.
 */
void rq_report_port_json(struct rq_str *out, const char *queue,
			 const struct rq_branch_record *branch, const char *digest,
			 const char *output);

/* --- port.json read back (readback.c) --- */

/* What status asks of it; owned strings. */
struct rq_port_summary {
	char *digest, *output, *colour, *head; /* head is "" after a conflict */
	char *version;			       /* may be NULL */
};

int rq_report_summary(struct rq_port_summary *out, const char *path, struct rq_slice json,
		      struct rq_err *err);
void rq_port_summary_release(struct rq_port_summary *summary);
/*
 * Writes what became of the entries (of @entry alone when it is not NULL): outcome, hunks,
 * messages.  RQ_EFORMAT when the file is no port.json or has no such entry.
 */
int rq_report_show(FILE *out, const char *path, struct rq_slice json, const char *entry,
		   struct rq_err *err);

/* One entry as port left it. */
struct rq_ported_entry {
	char *patch;
	struct rq_oid commit; /* zero: not applied */
};

struct rq_ported {
	struct rq_oid base; /* commit */
	rq_vec(struct rq_ported_entry) entries;
};

/* The base and the commits, in order. */
int rq_report_ported(struct rq_ported *out, const char *path, struct rq_slice json,
		     struct rq_err *err);
void rq_ported_release(struct rq_ported *ported);

/* --- what verify found (verified.c, verified_json.c) --- */

struct rq_verified_options {
	bool color;   /* ANSI colours */
	bool verbose; /* times, and all that this configuration leaves out */
	bool quiet;   /* only the summary lines */
};

/* One branch: a line an entry, new messages and errors below theirs, then the summary. */
void rq_report_verified(FILE *out, const struct rq_verified_branch *branch,
			const struct rq_verified_options *options);
/* Appends the object of `verify --json`, with a newline. */
void rq_report_verified_json(struct rq_str *out, const struct rq_verified *verified);

#endif
