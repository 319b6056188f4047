/* SPDX-License-Identifier: GPL-2.0-only */
/* A quoted hunk on its way from quoted.c to mend.c. */
#ifndef REQUILT_IMPORT_QUOTED_INTERNAL_H
#define REQUILT_IMPORT_QUOTED_INTERNAL_H

#include "import/import.h"

struct rq_quoted_line {
	char sign;   /* ' ', '-' or '+' */
	bool mended; /* @text is that of a tree */
	char *text;  /* without sign and newline; blanks as the quote has them */
};

struct rq_quoted_hunk {
	char *path;  /* of the old file; NULL: it is made by the patch */
	long number; /* within its file, from 1 */
	long old_start, old_count, new_start, new_count; /* as stated */
	char *function;
	rq_vec(struct rq_quoted_line) lines;
	size_t blanks; /* empty lines behind it, which are its own when a mailer broke others */
};

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
