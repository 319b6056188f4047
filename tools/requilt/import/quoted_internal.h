/* SPDX-License-Identifier: GPL-2.0-only */
/* A quoted hunk on its way from quoted.c to mend.c and rebuilt.c. */
#ifndef REQUILT_IMPORT_QUOTED_INTERNAL_H
#define REQUILT_IMPORT_QUOTED_INTERNAL_H

#include "import/import.h"

#define RQ_QUOTED_LONG 60 /* a line shorter than this was not broken by a mailer */

struct rq_quoted_line {
	char sign;   /* ' ', '-' or '+' */
	bool mended; /* @text is that of a tree */
	char *text;  /* without sign and newline; blanks as the quote has them */
};

struct rq_quoted_hunk {
	char *path;	/* of the old file; NULL: it is made by the patch */
	char *new_path; /* NULL: it is deleted */
	size_t joined;	/* added lines that a mailer broke without a quote mark */
	long number;	/* within its file, from 1 */
	long old_start, old_count, new_start, new_count; /* as stated */
	char *function;
	rq_vec(struct rq_quoted_line) lines;
	size_t blanks; /* empty lines behind it, which are its own when a mailer broke others */
};

/* What has been read so far. */
struct rq_quoted {
	struct rq_import *out;
	char *subject, *reviewer, *date, *author;
	struct rq_str message; /* of the patch, up to its first diff */
	rq_vec(struct rq_quoted_hunk) hunks;
	struct rq_str notes, note; /* @note: the lines of one remark */
	rq_vec(char *)
		headers; /* per hunk: the lines of its file's head; NULL: as before */
	struct rq_str header; /* being read */
	char *old_path, *new_path;
	long in_file;
	bool in_diff, in_hunk;
	bool past_end; /* behind the signature of git format-patch */
};

/* Adds the patch to q->out; the hunks are mended on the way. */
int rq_quoted_put_together(struct rq_quoted *q, const struct rq_quoted_tree *trees,
			   size_t n, struct rq_err *err);
/* Where the starts of hunks show that some are missing, a sentence each. */
void rq_quoted_gaps(struct rq_names *out, const struct rq_quoted_hunk *hunks, size_t n);
/* The same, of files that the diffstat in @message counts otherwise. */
void rq_quoted_stat(struct rq_names *out, struct rq_slice message,
		    const struct rq_quoted_hunk *hunks, size_t n);
/* How many lines of the hunk are on the old and on the new side. */
void rq_quoted_count(const struct rq_quoted_hunk *hunk, long *old_lines, long *new_lines);
/* Takes the sign of context lines off, where the mail kept it: all of them begin with a blank. */
void rq_quoted_uncontext(struct rq_quoted_hunk *hunk);
/* Joins lines that a mailer broke, where the counts leave one way to do so. */
void rq_quoted_unwrap(struct rq_quoted_hunk *hunk);
/* Gives old lines the text of the first tree where all of them have exactly one place. */
int rq_quoted_mend(struct rq_quoted_hunk *hunk, const struct rq_quoted_tree *trees,
		   size_t n, bool *mended, struct rq_err *err);
/* Indents added lines like their neighbours; returns how many were guessed. */
size_t rq_quoted_indent(struct rq_quoted_hunk *hunk);

#endif
