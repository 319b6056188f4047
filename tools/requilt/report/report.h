/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record for people (the matrix) and for programs (JSON).
 */
#ifndef REQUILT_REPORT_REPORT_H
#define REQUILT_REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "record/rebased.h"
#include "record/record.h"
#include "record/verified.h"
#include "series/series.h"
#include "util/clean.h"

struct rq_matrix_options {
	bool color;   /* ANSI colours */
	bool quiet;   /* only the summary lines */
	bool verbose; /* a line for every entry that has something to say, green ones too */
	int width;    /* columns; 80 when not known */
	const char *out; /* where show finds the output, or NULL: where it looks itself */
};

/*
 * Entries down, branches across, one word an outcome; then a summary line a branch, then
 * what needs a reader's eye.  Text is cleaned of control characters.
 */
void rq_report_matrix(FILE *out, const struct rq_record *record,
		      const struct rq_matrix_options *options);

/* The conflicts of an entry, each beside the text of the branch, and what may help, in 100 columns. */
void rq_report_conflicts(FILE *out, const struct rq_entry_record *entry,
			 const char *branch, bool color);
/* A line and a newline, folded at blanks to 100 columns; @indent: of what goes on. */
void rq_put_folded(FILE *out, const char *line, int indent);

/* Appends the object of `port --json` and `apply --json`, with a newline. */
void rq_report_json(struct rq_str *out, const struct rq_record *record);

/*
 * Appends port.json: one branch, without times, so that reruns are identical; @digest says
 * what it was made from, @output what the other files are.
 */
void rq_report_port_json(struct rq_str *out, const char *queue,
			 const struct rq_branch_record *branch, const char *digest,
			 const char *output);

/* --- what goes to a terminal (terminal.c) --- */

/* A diff or text of many lines of strangers, coloured as git does. */
void rq_put_diff(FILE *out, struct rq_slice text, bool color);
/* What begins and what ends coloured words; "" without @color. */
const char *rq_paint(bool color, enum rq_colour colour);
const char *rq_unpaint(bool color);
/* Of rq_colour_word() or rq_branch_word(); red for any other word. */
enum rq_colour rq_word_colour(const char *word);

/* --- port.json read back (readback.c) --- */

/* What status asks of it; owned strings. */
struct rq_port_summary {
	char *digest, *output, *colour, *head; /* head is "" after a conflict */
	char *base;			       /* the commit */
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
		   bool color, struct rq_err *err);

/*
 * Fills @branch, which has no entries yet, with what rq_report_port_json() told: entries, head and
 * tree, and marks it as kept.  False when it is no port.json of a series that was written; then
 * @branch has entries that mean nothing.
 */
bool rq_report_port_recall(struct rq_branch_record *branch, struct rq_slice json);

/* One entry as port left it. */
struct rq_ported_entry {
	char *patch, *outcome, *colour;
	bool reviewed, doubtful;
	struct rq_oid commit; /* zero: not applied */
	struct rq_oid change; /* what accepting it would record; zero: nothing */
};

struct rq_ported {
	struct rq_oid base; /* commit */
	struct rq_oid tree; /* what the port reached */
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
/*
 * Fills the entries of @branch from a good result that rq_report_verified_json() wrote (of one
 * branch); with @ported there is one more, of the end.  False when it is none, or one of other
 * entries: @branch is as it was.
 */
bool rq_report_verified_recall(struct rq_verified_branch *branch, bool ported,
			       struct rq_slice text);

/* --- the matrix as a page, and for a CI summary (page*.c) --- */

struct rq_page;

/* The rows are the series' entries.  Never NULL. */
struct rq_page *rq_page_new(const struct rq_series *series);
void rq_page_free(struct rq_page *page);

/* Which commit of its repository the queue is, and from when; @changed: but for what was changed since. */
void rq_page_commit(struct rq_page *page, const char *id, const char *date, bool changed);

struct rq_page_branch {
	const char *name;
	const char *word; /* as rq_state has it: "green", "stale", "unchecked", ... */
	bool stale;	  /* or unchecked: drawn as such, and no result counts for it */
	const char *last_good; /* version of the series that a red port kept, or NULL */
	const char *path;
	struct rq_slice json; /* of port.json; empty when it is missing */
};

/* The next column; RQ_EFORMAT when it is no port.json. */
int rq_page_branch(struct rq_page *page, const struct rq_page_branch *branch,
		   struct rq_err *err);
/* The id of the commit that port started from, borrowed; NULL where it is not known. */
const char *rq_page_base(const struct rq_page *page, const char *branch);
/* From when that is. */
void rq_page_base_date(struct rq_page *page, const char *branch, const char *date);
/* How the emitted patch differs; @kind: "interdiff", "same", or "rule" with all of the patch. */
void rq_page_change(struct rq_page *page, const char *branch, const char *entry,
		    const char *kind, struct rq_slice text);
/*
 * What verify found: the bytes of `verify --json`, shown under the name @file.  Other queues and
 * unknown branches in it are passed over; *taken grows by the others.  RQ_EFORMAT names @path.  All
 * branches come first.
 */
int rq_page_results(struct rq_page *page, const char *path, const char *file,
		    struct rq_slice json, size_t *taken, struct rq_err *err);
/* How many branches are not green, or have a result that is not good or not current. */
size_t rq_page_count_bad(const struct rq_page *page);

/* One HTML page that needs no other file.  The same input gives the same bytes. */
void rq_page_html(struct rq_str *out, const struct rq_page *page);
/* The matrix as a table, and below it why an entry is red or yellow. */
void rq_page_markdown(struct rq_str *out, const struct rq_page *page);
/*
 * Appends JUnit XML: a suite a branch, a case an entry and a stage.  Yellow is named in the output of
 * its case, and is a failure when it is @strict.  False when all of it is skipped: nothing was judged.
 */
bool rq_page_junit(struct rq_str *out, const struct rq_page *page, bool strict);

/* A rebase, for people; quiet: the counts only; verbose: what is unchanged too. */
void rq_report_rebased(FILE *out, const struct rq_rebase *rebase,
		       const struct rq_matrix_options *options);
void rq_report_rebased_json(struct rq_str *out, const struct rq_rebase *rebase,
			    const char *queue, const char *branch);

#endif
