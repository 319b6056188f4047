/* SPDX-License-Identifier: GPL-2.0-only */
/* A quoted hunk on its way from quoted.c to mend.c and rebuilt.c. */
#ifndef REQUILT_IMPORT_QUOTED_INTERNAL_H
#define REQUILT_IMPORT_QUOTED_INTERNAL_H

#include "import/import.h"

#define RQ_QUOTED_LONG 60 /* a line of fewer columns was not broken by a mailer */

struct rq_quoted_line {
	char sign;   /* ' ', '-' or '+' */
	bool mended; /* @text is that of a tree */
	char *text;  /* without sign and newline; blanks as the quote has them */
};

struct rq_quoted_hunk {
	char *path;	/* of the old file; NULL: it is made by the patch */
	char *new_path; /* NULL: it is deleted */
	size_t joined;	/* added lines that a mailer broke without a quote mark */
	char *unclear;	/* words without a quote mark that may be of a line; or NULL */
	long number;	/* within its file, from 1 */
	long old_start, old_count, new_start, new_count; /* as stated */
	long old_read, new_read; /* lines of each side so far, before any is mended */
	char *function;
	rq_vec(struct rq_quoted_line) lines;
	size_t blanks; /* empty lines behind it, which are its own when a mailer broke others */
};

/* Owns its strings, each NULL where it is not known. */
struct rq_person {
	char *name, *address;
};

/* What has been read so far. */
struct rq_quoted {
	struct rq_import *out;
	char *subject, *reviewer, *date;
	struct rq_person author; /* as the line in front of the quote has it */
	char *from, *sent;	 /* the author's own fields, where they are quoted */
	struct rq_str message;	 /* of the patch, up to its first diff */
	rq_vec(struct rq_quoted_hunk) hunks;
	struct rq_str notes, note; /* @note: the lines of one remark */
	rq_vec(char *)
		headers; /* per hunk: the lines of its file's head; NULL: as before */
	struct rq_str header; /* being read */
	char *old_path, *new_path;
	long in_file;
	bool in_diff, in_hunk;
	bool follows;		/* another patch of the same quote */
	bool in_version;	/* in the lines of a signature */
	bool in_head;		/* fields are quoted in front of the message */
	struct rq_str lead;	/* the lines since the last empty one */
	bool past_end;		/* behind the signature of git format-patch */
	struct rq_slice behind; /* then: what follows */
	bool cut;		/* at the line in front of another quote */
	struct rq_names lost;	/* files whose diffs follow without a hunk */
};

#define RQ_QUOTE_DEEPEST 64

/* A text that quotes a patch. */
struct rq_quotation {
	struct rq_str text;
	size_t n;	 /* how many mails of the file quote one; @text is the first */
	bool own;	 /* some have one of their own */
	size_t narrowed; /* blanks that were none in ASCII */
};

int rq_quotation_read(struct rq_quotation *out, const char *path, struct rq_err *err);
void rq_quotation_release(struct rq_quotation *quotation);
/* Takes up to @most marks of quoting off, and returns how many there were. */
int rq_quote_peel(struct rq_slice *line, int most);
bool rq_quote_is_hunk(struct rq_slice line);
/* The level at which the first patch of the text is quoted; 0: it quotes none. */
int rq_quote_level(struct rq_slice text);

/* The value of the field where the line is one of that name, "From: "; else NULL.  The caller frees. */
char *rq_quoted_field(struct rq_slice line, const char *name);
/* "Re: [PATCH RFC 34/39] mm/rmap: do it": what stands behind the brackets.  The caller frees. */
char *rq_quoted_title(struct rq_slice line);
bool rq_quoted_is_field(struct rq_slice line);
/* "-----Original Message-----", "From 0123 Mon Sep 17 00:00:00 2001" */
bool rq_quoted_begins(struct rq_slice line);
/* Fields of the author in front of the message; false where the line is none of them. */
bool rq_quoted_read_head(struct rq_quoted *q, struct rq_slice line);
/* Takes the last of them, before a diff. */
void rq_quoted_end_head(struct rq_quoted *q);

/* "On a day, A U Thor <author@example.org> wrote:"; false where @text is no such line. */
bool rq_attribution_read(struct rq_person *out, struct rq_slice text);
/* Whether such a line has an address, a time or a date; words of a remark may end in "wrote:", too. */
bool rq_attribution_is_sure(struct rq_slice text);
void rq_person_release(struct rq_person *person);
/* Whether the line, a sign-off, is of that person. */
bool rq_person_is_in(const struct rq_person *person, struct rq_slice line);
/* Whether an archive made the address of the line unreadable. */
bool rq_is_masked(struct rq_slice line);

/* Adds the patch to q->out; the hunks are mended on the way. */
int rq_quoted_put_together(struct rq_quoted *q, const struct rq_quoted_tree *trees,
			   size_t n, struct rq_err *err);
/* Where the starts of hunks show that some are missing, a sentence each. */
void rq_quoted_gaps(struct rq_names *out, const struct rq_quoted_hunk *hunks, size_t n);
/*
 * The same, of files that the diffstat in @message counts otherwise.  True where there is one, read as a whole, that
 * counts all as it is here.
 */
bool rq_quoted_stat(struct rq_names *out, struct rq_slice message,
		    const struct rq_quoted_hunk *hunks, size_t n);
/*
 * The lines in front of a hunk, or in front of nothing (not @hunk): adds to @out what can be applied, to @lost the files
 * whose diffs lack their hunks.
 */
void rq_quoted_headers(struct rq_str *out, struct rq_names *lost, struct rq_slice header,
		       bool hunk);
/* The file of a line "diff --git a/x b/x". */
struct rq_slice rq_quoted_diff_path(struct rq_slice line);
/* In how many columns a line is shown, with tabs of 8. */
size_t rq_quoted_width(struct rq_slice text);
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
