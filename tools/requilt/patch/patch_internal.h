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
	size_t directories;	      /* that a path has and the one before it has not */
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
struct rq_header_names {
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

/* Is this a well-formed "@@ -a[,b] +c[,d] @@" line?  Fills @hunk's numbers, header and function. */
bool rq_hunk_read_header(struct rq_hunk *hunk, struct rq_slice line);
/*
 * The sign of a line of a hunk, which is not without bytes: ' ', '+' or '-'; '\n' and '\t' of a context line
 * that lost its blank, an empty one or one with a tab first; 0 of another line.
 */
char rq_hunk_sign(struct rq_slice line);
/* Is the "@@" line @line in front of as many lines of a hunk as it says? */
bool rq_hunk_is_whole(struct rq_slice line, struct rq_slice behind);
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
/* Does it begin as a time stamp of diff's? */
bool rq_stamp_is_date(struct rq_slice stamp);
/* Is @stamp the epoch, in the zone that it names?  (Without a zone: in any.) */
bool rq_stamp_is_epoch(struct rq_slice stamp);

/* --- extended.c --- */

/* A "diff --git" line and what follows, up to the first hunk. */
int rq_parse_git_header(struct rq_parser *parser, struct rq_filediff *file,
			struct rq_header_names *names);

/* --- binary.c --- */

/* What follows the line "GIT binary patch". */
int rq_parse_binary(struct rq_parser *parser, struct rq_filediff *file);
void rq_binary_release(struct rq_binary *binary);

/* --- paths.c --- */

/* Settles paths and kind of change; @hunks are the file's. */
int rq_parse_paths(struct rq_parser *parser, struct rq_filediff *file,
		   const struct rq_header_names *names, const struct rq_hunk *hunks);
/* Is @name, one part stripped, @path or its backup's? */
bool rq_name_means(struct rq_slice name, struct rq_slice path);

/* --- started.c: what patch(1) reads --- */

/* A hint of patch(1)'s that a side of the diff is not there. */
enum rq_absent { RQ_THERE, RQ_PERHAPS, RQ_SURELY };

/* What patch(1) has taken from the lines up to a diff, and where that starts; borrowed. */
struct rq_reading {
	enum rq_started_kind kind;
	size_t piece;  /* where it starts; behind the last one at the end of the file */
	const char *p; /* at this line */
	size_t indent;
	long nesting; /* of RFC 934 */
	struct rq_slice old_name, new_name, index_name, revision;
	bool old_epoch, new_epoch;
	enum rq_absent old_absent, new_absent;
	struct rq_slice old_mode, new_mode;
	bool moved;    /* renamed or copied */
	bool git;      /* a "diff --git" line was there */
	bool extended; /* with lines that are a diff without hunks */
};

/* A position in the pieces. */
struct rq_scan {
	const struct rq_piece *pieces;
	size_t n;
	bool texts; /* false: as if there were none */
	size_t piece;
	struct rq_slice rest; /* of that piece */
};

/* @texts: with the texts, or as if there were none. */
void rq_scan_start(struct rq_scan *scan, const struct rq_piece *pieces, size_t n,
		   bool texts);
/* The next line; false at the end of the last piece. */
bool rq_scan_next(struct rq_scan *scan, struct rq_slice *line);
/* The next diff, its kind NONE where there is no more; @after_hunks: hunks end at @scan. */
void rq_scan_read(struct rq_scan *scan, struct rq_reading *r, bool after_hunks);
/* Goes behind the hunks of the diff that was read. */
void rq_scan_skip_hunks(struct rq_scan *scan);

/* Takes the indentation off @line; returns how much patch(1) takes it for. */
size_t rq_take_indent(struct rq_slice *line);
/* Indented "--- a/x" with "+++ b/x" at the start of @rest: patch(1) applies such a diff, git passes over it. */
bool rq_begins_indented(struct rq_slice line, struct rq_slice rest);
/* Takes RFC 934's "- " off @line; returns how often it was there. */
long rq_take_nesting(struct rq_slice *line);
/* A command of a normal diff, "4a5", or of ed, "4a". */
bool rq_is_command(struct rq_slice line);
/* A line that says something behind "diff --git ". */
bool rq_is_git_field(struct rq_slice line);

/* --- harmless.c --- */

/* The pieces of @patch, with @head for its head; the caller frees. */
size_t rq_pieces_of(struct rq_piece **out, struct rq_slice head,
		    const struct rq_patch *patch);
/* Would patch(1) read the diffs in another way without the texts? */
bool rq_texts_matter(struct rq_piece *pieces, size_t n);

/* --- reverse.c --- */

/* -R: makes the structure say the opposite. */
int rq_parse_reverse(struct rq_parser *parser, struct rq_patch *patch);

/*
 * Takes @text and returns it, or another: a line that is not UTF-8 is from the time of ISO-8859-1; others
 * may be right beside it.
 */
char *rq_header_utf8(char *text);

#endif
