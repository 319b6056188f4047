/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the parser share: where it stands, and the names that a diff's header
 * gives before anybody decides which of them is the path.
 */
#ifndef REQUILT_PATCH_PATCH_INTERNAL_H
#define REQUILT_PATCH_PATCH_INTERNAL_H

#include "patch/patch.h"

struct rq_parser {
	struct rq_patch *patch;
	struct rq_patch_options options;
	struct rq_err *err;
	const char *p, *end; /* the next line, the end of the input */
	long line;	     /* number of the line at @p, from 1 */
	rq_vec(struct rq_filediff) files;
	rq_vec(struct rq_hunk) hunks; /* of all files, in order */
	rq_vec(struct rq_line) lines; /* of all hunks, in order */
	size_t unpacked;	      /* bytes of binary diffs, and of what they make */
};

/* A name as a header line has it, unquoted, nothing stripped. */
struct rq_name {
	bool given;
	struct rq_slice text; /* borrowed from the patch */
	bool null;	      /* it is /dev/null */
	bool dated;	      /* a time stamp follows it */
	bool epoch;	      /* and that is the epoch: the file is not there */
};

/* All the names of one diff. */
struct rq_names {
	struct rq_name old_name, new_name; /* the --- and +++ lines */
	struct rq_name from, to;	   /* the rename or copy lines */
	struct rq_slice git;		   /* what follows "diff --git ", chomped */
	long old_line, new_line, from_line, to_line;
};

/* --- parse.c: the position --- */

/* The line @ahead lines on (0: the next one), newline included; false past the end. */
bool rq_parser_peek(const struct rq_parser *parser, int ahead, struct rq_slice *line);
/* Is the line @ahead lines on there, and does it start so? */
bool rq_parser_sees(const struct rq_parser *parser, int ahead, const char *prefix);
/* Takes the next line. */
bool rq_parser_next(struct rq_parser *parser, struct rq_slice *line);
/* "name:line: " in front of the message; returns the code. */
int rq_parser_fail(struct rq_parser *parser, enum rq_code code, long line,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Hands a string to the patch, which frees it. */
char *rq_parser_own(struct rq_parser *parser, char *string);

/* A piece of input for a message: control characters become '?', a long one ends "...". */
struct rq_shown {
	char s[104];
};
struct rq_shown rq_shown(struct rq_slice text);

/* --- hunk.c --- */

/* Is this a well-formed "@@ -a[,b] +c[,d] @@" line? */
bool rq_hunk_header_ok(struct rq_slice line);
/* The hunks that start at the next line; *n counts them. */
int rq_parse_hunks(struct rq_parser *parser, size_t *n);

/* --- name.c --- */

/* What follows "--- " or "+++ " on @line; @git files have no time stamp behind blanks. */
int rq_parse_name(struct rq_parser *parser, struct rq_slice text, long line, bool git,
		  struct rq_name *out);
/* A quoted or plain name that takes the whole of @text. */
int rq_parse_plain_name(struct rq_parser *parser, struct rq_slice text, long line,
			struct rq_name *out);
/* Unquotes a C string at the start of @text; *used is its length with the quotes. */
int rq_parse_quoted(struct rq_parser *parser, struct rq_slice text, long line,
		    struct rq_slice *out, size_t *used);
/* Is @stamp the epoch, in the zone that it names?  (Without a zone: in any.) */
bool rq_stamp_is_epoch(struct rq_slice stamp);

/* --- extended.c --- */

/* A "diff --git" line and what follows, up to the first hunk. */
int rq_parse_git_header(struct rq_parser *parser, struct rq_filediff *file,
			struct rq_names *names);

/* --- binary.c --- */

/* What follows the line "GIT binary patch". */
int rq_parse_binary(struct rq_parser *parser, struct rq_filediff *file);
void rq_binary_release(struct rq_binary *binary);

/* --- paths.c --- */

/* Settles paths and kind of change; @hunks are the file's. */
int rq_parse_paths(struct rq_parser *parser, struct rq_filediff *file,
		   const struct rq_names *names, const struct rq_hunk *hunks);

/* --- reverse.c --- */

/* -R: makes the structure say the opposite. */
int rq_parse_reverse(struct rq_parser *parser, struct rq_patch *patch);

#endif
