/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Readers: what others have, as patches for a queue.  They write nothing.
 */
#ifndef REQUILT_IMPORT_IMPORT_H
#define REQUILT_IMPORT_IMPORT_H

#include <stdbool.h>

#include "util/err.h"
#include "util/names.h"
#include "util/str.h"
#include "util/vec.h"

/* A patch on its way into a queue; owns its strings. */
struct rq_imported {
	char *subject; /* names its file; NULL: @path does */
	char *path;    /* a name of its own, "sub/x.patch"; NULL: made of @subject */
	char *rest;    /* of its line in the series, behind the name: " -p0 # words" */
	struct rq_str above; /* comment lines above it there; or empty */
	struct rq_str bytes; /* as it will stand in the queue */
	char *source;	     /* where it is from, for messages; NULL: @path is */
	long before;	     /* lines in front of it there */
	struct rq_str
		notes; /* what reviewers wrote, each under the hunk it follows; or empty */
	bool incomplete; /* hunks are missing, and none was invented */
	bool rule;	 /* a .cocci */
};

struct rq_import {
	rq_vec(struct rq_imported) patches; /* in series order */
	struct rq_str below;		    /* comment lines after the last one */
	struct rq_str description; /* the cover letter; empty when there is none */
	struct rq_names said;	   /* what the maintainer should know, one line each */
};

void rq_import_release(struct rq_import *import);
/* Adds a line to @out->said. */
void rq_import_say(struct rq_import *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Makes words of what would decide in a queue, Present-if: lines and guards, and says so. */
void rq_import_drop_fields(struct rq_import *what);

/* --- mbox.c, thread.c and singles.c: mails --- */

/* What becomes of carriage returns that the text of a mail has at all its lines, base64 mostly. */
enum rq_quoted_cr {
	RQ_CR_STRIP, /* and it is said */
	RQ_CR_WARN,  /* they stay, and it is said */
	RQ_CR_NOWARN,
};

struct rq_mail_options {
	long version; /* of the series; 0: the newest that is complete */
	enum rq_quoted_cr quoted_cr;
	bool no_scissors;  /* what is in front of "-- >8 --" stays */
	bool sloppy;	   /* credits count from any address, not the sender's alone */
	const char *parts; /* which patches of it, "1-3,5"; NULL: all */
};

/*
 * Mails, mboxes, maildirs and .patch files together: the patches of one series in their order,
 * with the Reviewed-by, Acked-by and Tested-by that replies to each gave.  RQ_EFORMAT lists what
 * is missing or mixed.  A mail whose form needs no change keeps every byte.
 */
int rq_import_mails(struct rq_import *out, char *const *paths, size_t n,
		    const struct rq_mail_options *options, struct rq_err *err);

/* --- range.c: commits of a repository --- */

/*
 * @words: "A..B" or single commits, of the repository at @path; oldest first.  Merges, and commits of a range that
 * change nothing, are left out.  A commit that @mainline (a ref there; may be missing) has gets the line
 * "commit <id> upstream." below its title.
 */
int rq_import_commits(struct rq_import *out, const char *path, const char *mainline,
		      char *const *words, size_t n, struct rq_err *err);
/* Whether the repository at @path has what @word ("A..B" or a commit) names. */
bool rq_import_names_commits(const char *path, const char *word);

/* --- quilt.c: folders with a series, and queues --- */

struct rq_branches;

/*
 * The patches of @path/series, with their options and comments; SUSE's guards in front of a name
 * come behind it.  An entry with Armbian's "-" in front, or with a guard "+NAME" that neither is a branch or
 * tag of @branches nor declared there for @queue, is left out, and that is said.
 */
int rq_import_quilt(struct rq_import *out, const char *path, const char *queue,
		    const struct rq_branches *branches, struct rq_err *err);
/* The entries of another queue, named by its ROOT/series/NAME.series. */
int rq_import_queue(struct rq_import *out, const char *path, struct rq_err *err);

/* --- directory.c: directories of patches without a series --- */

/* A directory with .patch or .diff files that is neither a maildir nor what git format-patch wrote of one series. */
bool rq_is_patch_directory(const char *path);
/* Its patches in the order of their names, which stay; a name that @out has gets the directory's in front. */
int rq_import_directory(struct rq_import *out, const char *path, struct rq_err *err);

/* --- quoted.c and mend.c: a patch inside a reply, or in an archive's text --- */

/* A tree that white space is mended from. */
struct rq_quoted_tree {
	/* Appends the file; *found is false when there is none. */
	int (*read)(void *ctx, const char *path, struct rq_str *bytes, bool *found,
		    struct rq_err *err);
	void *ctx;
};

/* Whether the file is a text that quotes a patch and holds none of its own. */
bool rq_is_quoted(const char *path);
/*
 * Rebuilds the patch that the mail or text @path quotes: quoting peeled, the reviewer's lines kept
 * as notes, wrapped lines joined where the counts say so, white space of old lines mended from the
 * first of @trees where the hunk has exactly one place.  What was guessed or is missing stands in
 * "Incomplete:" lines of the patch's head; nothing is invented.
 */
int rq_import_quoted(struct rq_import *out, const char *path,
		     const struct rq_quoted_tree *trees, size_t n, struct rq_err *err);

#endif
