/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A patch as it is found in the wild: text, then diffs, then text.
 *
 * The parser loses nothing: every byte of the input belongs to exactly one slice, and
 * rq_patch_print() puts them together again.  One buffer is owned, everything else points
 * into it (or, for paths that had to be unquoted, into a list of strings owned beside it),
 * and one rq_patch_free() releases all.
 *
 *	From: A Developer <a@example.org>        \
 *	Subject: [PATCH] mm: do it                > head
 *	---                                      /
 *	diff --git a/mm/rmap.c b/mm/rmap.c       \  file.header
 *	index 1234567..89abcde 100644             |
 *	--- a/mm/rmap.c                           |
 *	+++ b/mm/rmap.c                          /
 *	@@ -10,3 +10,4 @@ function              \   hunk.header, hunk.lines
 *	 context                                 /
 *	-- \n2.39.5                                file.trailer (up to the next diff or the end)
 */
#ifndef REQUILT_PATCH_PATCH_H
#define REQUILT_PATCH_PATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "git/git.h"
#include "util/err.h"
#include "util/str.h"
#include "util/vec.h"

/* A line of a hunk.  @text is without the sign, with its newline; a last line without one
 * ("\ No newline at end of file" follows) has none, so that two lines are equal exactly when
 * their slices are.  An input that ends within a line lost its newline: @text has it. */
struct rq_line {
	char sign; /* ' ', '-' or '+' */
	struct rq_slice text;
	struct rq_slice
		raw; /* as in the input: sign, text, newline, and the "\" line with its newline; empty: it was chopped off */
};

struct rq_hunk {
	long old_start, old_count; /* as stated; counts left out are 1 */
	long new_start, new_count;
	struct rq_slice header; /* the raw "@@ -a,b +c,d @@ function\n" line */
	struct rq_slice
		function; /* behind the second "@@", blanks trimmed; may be empty */
	struct rq_line *lines;
	size_t n_lines;
	size_t leading,
		trailing; /* context lines at both ends; without changes all are leading */
	long line;	  /* of the @@ line in the patch file, from 1 */
};

enum rq_binary_kind { RQ_BINARY_LITERAL, RQ_BINARY_DELTA };

/* One half of a "GIT binary patch", inflated and base85 decoded. */
struct rq_binary {
	enum rq_binary_kind kind;
	struct rq_str data; /* literal: the bytes; delta: git's delta instructions */
	size_t size;	    /* as stated: of the data after inflating */
};

enum rq_change {
	RQ_CHANGE_EDIT,
	RQ_CHANGE_CREATE,
	RQ_CHANGE_DELETE,
	RQ_CHANGE_RENAME,
	RQ_CHANGE_COPY
};

struct rq_filediff {
	enum rq_change change;
	const char *old_path; /* strip level applied; NULL when the file is created */
	const char *new_path; /* NULL when it is deleted */
	unsigned old_mode, new_mode;	      /* as stated (0100644); 0 when not stated */
	struct rq_slice old_index, new_index; /* hex from the index line, or empty */
	bool is_git;			      /* began with "diff --git" */
	bool guessed; /* its names are those of a file and a copy, "x.c.org": the shorter is taken */
	bool has_binary;     /* GIT binary patch: @forward and maybe @reverse */
	bool binary_differs; /* "Binary files a and b differ": nothing to apply */
	struct rq_binary forward, reverse;
	bool has_reverse;
	struct rq_slice
		header; /* raw, "diff"/"Index:"/"---" on up to the first hunk; for binary patches all of it */
	struct rq_hunk *hunks;
	size_t n_hunks;
	struct rq_slice
		trailer; /* raw text behind the last hunk that belongs to no diff */
	long line;	 /* of the first header line, from 1 */
};

struct rq_patch {
	char *name;	      /* what messages call it: the file's name */
	struct rq_str buf;    /* owned bytes, all slices point here */
	struct rq_slice head; /* text before the first diff */
	long head_line;	      /* lines in front of it, where it was cut out of a file */
	struct rq_filediff *files;
	size_t n_files;
	int strip; /* the strip level it was parsed with */
	long chopped_at; /* of the "@@" line whose last empty context lines are not in the file; 0: none */
	bool reversed; /* parsed with reverse: signs, paths, modes and counts are swapped in
			      the structure; raw slices (header, raw) are as in the input */
	/* one array each for the whole patch; owned */
	struct rq_hunk *hunks;
	struct rq_line *lines;
	/* what slices cannot hold; owned */
	rq_vec(char *) strings;
};

/* How large a file of a patch or of mails may be: no kernel's own come near. */
#define RQ_PATCH_MOST ((size_t)256 << 20)

struct rq_patch_options {
	int strip;    /* -p: parts of the path to take off; 1 by default */
	bool reverse; /* -R */
	long before;  /* lines in front of it where it is from, for messages */
};

#define RQ_PATCH_DEFAULTS ((struct rq_patch_options){ .strip = 1 })

/*
 * Parses @bytes (taken over: *bytes is left empty).  A patch without any diff is fine
 * (n_files is 0).  RQ_EFORMAT names @name, the line, and what was expected:
 * "q/0001-x.patch:41: hunk says 7 old lines, 6 follow"; RQ_EUNSAFE refuses a path
 * (rq_path_unsafe after stripping).  More than 10,000,000 lines in hunks, 65,536 files, or
 * 65,536 hunks in a file are RQ_EFORMAT too: memory and time stay bounded.
 */
int rq_patch_parse(struct rq_patch **out, const char *name, struct rq_str *bytes,
		   const struct rq_patch_options *options, struct rq_err *err);
/* The same of a copy of @bytes. */
int rq_patch_parse_copy(struct rq_patch **out, const char *name, struct rq_slice bytes,
			const struct rq_patch_options *options, struct rq_err *err);
/*
 * Puts a hint after @err, what the parser said of the file @path: that it can be read with -p0, its names
 * having no a/ and b/.
 */
void rq_patch_add_hint(const char *path, const struct rq_patch_options *options,
		       struct rq_err *err);
/* RQ_EFORMAT names the line of a NUL byte in the text before the first diff: no mail takes it. */
int rq_patch_check_text(const struct rq_patch *patch, struct rq_err *err);
void rq_patch_free(struct rq_patch *patch);
void rq_patch_freep(struct rq_patch **patch);

/* Appends the patch as it was read, put together from its parts. */
void rq_patch_print(const struct rq_patch *patch, struct rq_str *out);

/*
 * The lines in front of a diff of one file: "diff --git" and modes; a mode of 0 is a file that is
 * not there.  Then, for a change of text, its two names.  @bare: no names and hunks follow, so
 * patch(1) takes the path from the first line, up to a blank unless it is quoted.
 */
void rq_print_diff_line(struct rq_str *out, const char *path, unsigned old_mode,
			unsigned new_mode, bool bare);
void rq_print_diff_names(struct rq_str *out, const char *path, unsigned old_mode,
			 unsigned new_mode);

/* --- paths.c --- */

/* The path after the change, or before it where the file goes; borrowed. */
const char *rq_filediff_path(const struct rq_filediff *file);
/* The path before the change, or after it where the file comes; borrowed. */
const char *rq_filediff_old_path(const struct rq_filediff *file);
/* Whether it is one of the two. */
bool rq_filediff_names(const struct rq_filediff *file, const char *path);
/* Whether a diff of the patch has that path, before or after. */
bool rq_patch_names(const struct rq_patch *patch, const char *path);

/* --- diffstat.c --- */

/* How many lines the hunks add and remove. */
void rq_filediff_count(const struct rq_filediff *file, long *added, long *removed);
/* Appends the diffstat of the patch, with its line of sums. */
void rq_diffstat_print(struct rq_str *out, const struct rq_patch *patch);
/* Whether a head holds a diffstat below its message. */
bool rq_diffstat_there(struct rq_slice head);
/* Appends the head of @patch with its diffstat made again.  False where it has none, or the right one: then nothing is appended. */
bool rq_diffstat_renew(struct rq_str *out, const struct rq_patch *patch);

/* --- what patch(1) reads: harmless.c, with the rules in started.c --- */

/* What patch(1) would start in a text; NONE: nothing, but the diff below changes its meaning. */
enum rq_started_kind {
	RQ_STARTED_NONE,
	RQ_STARTED_UNIFIED,
	RQ_STARTED_CONTEXT,
	RQ_STARTED_NORMAL,
	RQ_STARTED_ED,
	RQ_STARTED_GIT, /* git's, without hunks */
	RQ_STARTED_BINARY,
};

struct rq_started {
	enum rq_started_kind kind;
	long line; /* the first one that patch(1) looks for, from 1; 0: the texts are harmless */
	size_t lines; /* that got "> " */
};

/* A part of a patch file. */
struct rq_piece {
	struct rq_slice bytes; /* borrowed */
	bool ours;   /* the lines of a diff's header, and its hunks; else text */
	bool quoted; /* set by rq_harmless() */
};

/* "a unified diff"; static. */
const char *rq_started_word(enum rq_started_kind kind);

/*
 * Appends the file that @pieces make.  Where patch(1) would start a diff in one of the texts, or would
 * read one of ours in another way because of them, the lines that it looks for get "> " in front, and
 * *first says what it was.  Done again it changes nothing.
 */
void rq_harmless(struct rq_str *out, struct rq_piece *pieces, size_t n,
		 struct rq_started *first);
/* The same of a patch that was parsed, to what follows its head: @head stands for that. */
void rq_harmless_patch(struct rq_str *out, struct rq_slice head,
		       const struct rq_patch *patch, struct rq_started *first);
/*
 * Does patch(1) read this file as the parser did?  RQ_EQUEUE names the first line where it does not:
 * "q/1.patch:41: patch(1) would start a unified diff here".
 */
int rq_patch_check_reading(const struct rq_patch *patch, struct rq_err *err);

typedef void rq_ignored_fn(struct rq_slice line, long number, void *ctx);

/*
 * Calls @each for lines around the diffs that tell of a change which no diff of the patch makes: "Only
 * in b: x", "Binary files a/x and b/x differ", "12c12" of a diff in the normal format, "12c" of a script
 * of ed; with its number in the file, from 1.
 */
void rq_patch_each_ignored(const struct rq_patch *patch, rq_ignored_fn *each, void *ctx);

/* Applies git's delta instructions to @base. */
int rq_binary_apply_delta(struct rq_slice base, struct rq_slice delta, struct rq_str *out,
			  struct rq_err *err);

/* --- who, when and what: the mail header of a patch (header.c) --- */

struct rq_header {
	char *author_name,
		*author_email; /* "From:", in-body From first; NULL when absent */
	char *date;	       /* git's "<seconds> <+zzzz>"; NULL when absent */
	char *subject; /* without "[PATCH ...]", folded lines joined; NULL when absent */
	char *message; /* commit message as git am makes it: subject, blank line, body up to "---" */
};

/*
 * Reads @patch->head.  Understands mail headers (RFC 2047 words decoded), an in-body
 * From:, DEP-3 fields (Description:/Subject:, Author:/From:, Last-Update:), and plain text
 * (the first paragraph's first line is the subject).  Never fails: what is not there is
 * NULL, and @message is never NULL (made from the file name as a last resort).
 */
void rq_header_read(struct rq_header *out, const struct rq_patch *patch);
void rq_header_release(struct rq_header *header);

/*
 * The title without "Re:" and "[PATCH 1/2]"; NULL when nothing is left.  What a list put in front of
 * such brackets goes with them, those behind are the author's.  The caller frees.
 */
char *rq_header_title(struct rq_slice text);

/*
 * Where a trailer goes in @text, a head or a whole patch: behind the last line of the message, in
 * front of what git am stops at.
 */
size_t rq_message_end(struct rq_slice text);
/* Where git am stops reading the message: "---" alone, "--- name", a diff. */
bool rq_ends_message(struct rq_slice line);
/* "-- >8 --" by the rule of git mailinfo. */
bool rq_is_scissors(struct rq_slice line);
/* "Wed, 20 Dec 2023 23:44:24 +0100", as a mail's Date; @east of UTC in minutes. */
void rq_header_date(struct rq_str *out, int64_t seconds, int east);

/* A field of the block on top of a head; slices of the head. */
struct rq_head_field {
	struct rq_slice name;
	struct rq_slice raw; /* its lines, continued ones too */
};

/* Where things stand in a head: as rq_header_read() reads it. */
struct rq_head_parts {
	rq_vec(struct rq_head_field) fields;
	struct rq_slice
		below; /* from the line that ends the message, "---" mostly; may be empty */
};

void rq_head_split(struct rq_head_parts *out, struct rq_slice head);
void rq_head_parts_release(struct rq_head_parts *parts);
/*
 * Decodes RFC 2047 words, joins lines, squeezes blanks; no control characters are left.  A text of more than 64 KiB
 * is not decoded.  The caller frees.
 */
char *rq_header_decode(struct rq_slice text);
/*
 * RFC 2047 words where @text needs them; @name: as the name in front of an address, quoted where
 * that is needed.  The caller frees.
 */
char *rq_header_encode(const char *text, bool name);
/* Appends @bytes as the body of a mail in base64. */
void rq_header_base64(struct rq_str *out, struct rq_slice bytes);

/* A header line "Name: value" anywhere in @head; calls @each with every value, trimmed. */
int rq_head_each(struct rq_slice head, const char *name,
		 int (*each)(struct rq_slice value, long line, void *ctx,
			     struct rq_err *err),
		 void *ctx, struct rq_err *err);

/* "Name: value", or a remark or cherry-pick line among such. */
bool rq_is_trailer(struct rq_slice line);
/* The bytes of the name in "Name: value", in front of the colon; 0 where the line is no such field. */
size_t rq_field_length(struct rq_slice line);

/* The commit upstream that a head, or a commit's message, names. */
struct rq_upstream {
	char hex[RQ_OID_HEX + 1]; /* "" when there is none, or two that differ */
	long line;	 /* where the message has it, as stable trees do; 0: nowhere */
	long differs_at; /* a line that names another commit than one before it; 0: none */
};

void rq_upstream_read(struct rq_upstream *out, struct rq_slice head);
/* "Commit <id> upstream." or "[ Upstream commit <id> ]", whatever the id is. */
bool rq_upstream_line(struct rq_slice line);
/* The first stretch of exactly 40 hex digits; empty when there is none. */
struct rq_slice rq_find_id(struct rq_slice text);

#endif
