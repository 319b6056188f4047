/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happened: filled by the engines, walked by terminal, JSON and proof alike.
 *
 * A record owns its strings.  Lines are counted from 1 in the target's file as it was
 * before the entry.
 */
#ifndef REQUILT_RECORD_RECORD_H
#define REQUILT_RECORD_RECORD_H

#include <stdbool.h>

#include "git/git.h"
#include "patch/patch.h"
#include "util/vec.h"

/*
 * What became of an entry or a hunk, most trusted first.  An outcome is never an error
 * code: a conflict is an answer.
 */
enum rq_outcome {
	RQ_EXACT,    /* at its line */
	RQ_OFFSET,   /* a unique place elsewhere in the file */
	RQ_PRESENT,  /* the branch has it already */
	RQ_SKIPPED,  /* a guard left it out */
	RQ_SEMANTIC, /* made by a semantic patch on this branch */
	RQ_MERGED,   /* clean three-way merge against the source tree */
	RQ_RESOLVED, /* a recorded resolution was replayed */
	RQ_HEALED,   /* white space mended from the tree */
	RQ_FUZZ,     /* context dropped, bounded, still unique */
	RQ_ANCHORED, /* each change where the most of its old text stands */
	RQ_ABSENT,   /* what it only removes is nowhere in the file */
	RQ_EMPTY,    /* a rule that changed nothing */
	RQ_CONFLICT, /* no rung placed it; nothing was guessed */
	RQ_BLOCKED,  /* needs something that the branch lacks, named in the message */
	RQ_ERROR,    /* a tool is missing or failed, or the entry contradicts itself */
	RQ_OUTCOMES, /* how many there are */
};

enum rq_colour { RQ_GREEN, RQ_GREY, RQ_YELLOW, RQ_RED };

/* "exact", ...; static. */
const char *rq_outcome_word(enum rq_outcome outcome);
/* One line for legends; static. */
const char *rq_outcome_help(enum rq_outcome outcome);
enum rq_colour rq_outcome_colour(enum rq_outcome outcome);
const char *rq_colour_word(enum rq_colour colour);

/* What a hunk adds and the branch, as the entry finds it, does not have. */
enum rq_lack_kind {
	RQ_LACK_CALL,	   /* a function */
	RQ_LACK_MEMBER,	   /* a member of a struct */
	RQ_LACK_ARGUMENTS, /* a function with as many arguments */
};

struct rq_lack {
	enum rq_lack_kind kind;
	char *name;
	long given, takes; /* arguments */
	char *place;	   /* "file:line" of the declaration; NULL: there is none */
};

struct rq_hunk_record {
	char *file;
	long hunk; /* from 1 within its file's diff; 0: the file as a whole */
	enum rq_outcome rung;
	long line;   /* where its preimage (present: postimage) starts; 0 when nowhere */
	long offset; /* line minus the stated one */
	long fuzz;   /* context lines dropped */
	bool doubtful; /* something speaks against this place, or it lacks something: yellow */
	bool by_line; /* and that is: only the stated line spoke for it; not written */
	rq_vec(long) places; /* every line where it would fit, if more than one */
	char *why;	     /* for anything a reader should look at; else NULL */
	rq_vec(struct rq_lack) lacks;
};

/* One file that an entry changed on the branch, for the writers. */
struct rq_file_change {
	char *path;
	enum rq_mode old_mode, new_mode; /* RQ_MODE_NONE: not there */
	struct rq_oid old_oid, new_oid;	 /* zero where the mode is NONE */
	const struct rq_filediff
		*diff;	 /* borrowed from the patch; NULL: only @body counts */
	rq_vec(long) at; /* per hunk of @diff: preimage line, or 0 for one left out */
	bool redrawn;	 /* @body holds fresh hunks: @diff's do not say what was done */
	bool binary;	 /* has no text form that quilt could take */
	bool superseded; /* a later change of the same entry has this file's last state */
	struct rq_str body;
};

/* What a maintainer should look at though nothing failed. */
enum rq_note_kind {
	RQ_NOTE_COMMENT, /* a comment names what a rule converts */
	RQ_NOTE_LEFT,	 /* code has a name still that a rule converts */
	RQ_NOTE_UNREAD, /* spatch could not read these lines; they do not concern the rule */
	RQ_NOTE_QUOTED, /* lines of a text have "> " in the emitted patch, where patch(1) reads it */
	RQ_NOTE_IGNORED, /* a line of the patch tells of a change that no diff of it makes: yellow */
	RQ_NOTES, /* how many there are */
};

struct rq_note {
	enum rq_note_kind kind;
	char *file;
	long line;
	char *text; /* the name, or what is to be said */
};

struct rq_entry_record {
	char *patch; /* as in the series, or the file name given */
	enum rq_outcome outcome;
	bool doubtful;	    /* green by outcome, yellow all the same */
	bool allowed;	    /* empty, and its header says that it may be */
	bool no_tool;	    /* an error of this machine, not of the queue */
	bool reviewed;	    /* yellow that a reader accepted in series/<queue>.reviewed */
	long present_hunks; /* hunks left out since they were there */
	rq_vec(struct rq_hunk_record) hunks;
	rq_vec(struct rq_file_change) changes;
	rq_vec(struct rq_note) notes;
	char *message; /* why, for anything not plain */
	const struct rq_patch
		*resolved;    /* borrowed: what stood in for the entry's patch */
	struct rq_oid commit; /* zero: none */
	struct rq_oid change; /* what a reader would accept; zero: nothing */
	double seconds;
};

struct rq_branch_record {
	char *branch;
	char *version; /* may be NULL */
	struct rq_oid base, base_tree, head, tree;
	bool has_head; /* false after a conflict */
	bool kept;     /* an earlier port found it, and nothing has changed */
	double seconds;
	double reading; /* of these: the base's files, ahead of the walk */
	rq_vec(struct rq_entry_record) entries;
	char *unchecked; /* why nobody looked whether what is added exists; else NULL */
	char *failure;	 /* the branch could not be ported at all: why; else NULL */
	enum rq_code failure_code;
};

struct rq_record {
	char *queue;
	rq_vec(struct rq_branch_record) branches;
};

enum rq_colour rq_entry_colour(const struct rq_entry_record *entry);
/* The worst colour of its entries, grey when all of them were skipped; red when the branch failed. */
enum rq_colour rq_branch_colour(const struct rq_branch_record *branch);
/* What a branch of that colour is called: "green", "nothing" for grey, ...; static. */
const char *rq_branch_word(enum rq_colour colour);
/* Whether a part of its patch was not applied by anybody. */
bool rq_entry_ignores(const struct rq_entry_record *entry);
/* "comment", "left", "unread", "quoted", "ignored"; static. */
const char *rq_note_word(enum rq_note_kind kind);
/* "call", "member", "arguments"; static. */
const char *rq_lack_word(enum rq_lack_kind kind);
/* The less trusted of the two. */
enum rq_outcome rq_outcome_worse(enum rq_outcome a, enum rq_outcome b);

/* A new, zeroed record at the end of the branch, named @patch. */
struct rq_entry_record *rq_record_entry(struct rq_branch_record *branch,
					const char *patch);
/* Sets the message (any earlier one is freed); takes a format. */
void rq_entry_say(struct rq_entry_record *entry, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Before the patches are freed: drops what points into them. */
void rq_record_forget_patches(struct rq_record *record);

void rq_file_change_release(struct rq_file_change *change);
void rq_entry_release(struct rq_entry_record *entry);
void rq_record_drop_entries(struct rq_branch_record *branch);
void rq_branch_record_release(struct rq_branch_record *branch);
void rq_record_release(struct rq_record *record);

#endif
