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
#include "record/offer.h"
#include "record/reason.h"
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
	RQ_MERGED,   /* a clean three-way merge, by lines or by words */
	RQ_RESOLVED, /* a recorded resolution was replayed */
	RQ_BRIDGED,  /* translated to an older API, then placed */
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
	RQ_LACK_UNASKED,   /* nameless: not all of what it adds was looked for */
	RQ_LACKS,	   /* how many there are */
};

/* So many are named of a hunk. */
#define RQ_LACKS_NAMED 16

struct rq_lack {
	enum rq_lack_kind kind;
	char *name;
	long given, takes; /* arguments */
	char *place;	   /* "file:line" of the declaration; NULL: there is none */
};

/* What a line of two texts side by side is. */
enum rq_row_kind {
	RQ_ROW_SAME,
	RQ_ROW_DIFFERS, /* one text has it, or both in other words */
	RQ_ROW_ADDED,	/* a line that the patch adds */
	RQ_ROW_SKIPPED, /* lines that are left out */
};

struct rq_row {
	enum rq_row_kind kind;
	char *patch;  /* with its sign; NULL: the patch has none */
	char *branch; /* NULL: the branch has none */
	long line;    /* of the branch, from 1; 0: it has none */
};

/* Owns the lines, which have no newline. */
struct rq_beside {
	rq_vec(struct rq_row) v;
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
	rq_vec(long) places;   /* every line where it would fit, if more than one */
	struct rq_reason *why; /* for anything a reader should look at; else NULL */
	rq_vec(struct rq_lack) lacks;
	struct rq_beside
		beside;	   /* a conflict's: the patch and the branch, side by side */
	bool wants_source; /* a conflict that the tree which it was made for might solve */
	char *blob;	   /* of that, where the patch names it; the start of its id */
	struct rq_offers offers; /* of a patch that has a conflict */
};

/* One file that an entry changed on the branch, for the writers. */
struct rq_file_change {
	char *path;
	enum rq_mode old_mode, new_mode; /* RQ_MODE_NONE: not there */
	struct rq_oid old_oid, new_oid;	 /* zero where the mode is NONE */
	const struct rq_filediff
		*diff; /* borrowed from the patch; NULL: only @body counts */
	const struct rq_filediff
		*followed; /* borrowed: it calls the file otherwise; or NULL */
	rq_vec(long) at;   /* per hunk of @diff: preimage line, or 0 for one left out */
	bool redrawn;	   /* @body holds fresh hunks: @diff's do not say what was done */
	bool binary;	   /* has no text form that quilt could take */
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
/* "call", "member", "arguments", "unasked"; static. */
const char *rq_lack_word(enum rq_lack_kind kind);
/* "same", "differs", "added", "skipped"; static. */
const char *rq_row_word(enum rq_row_kind kind);
/* Whether a reader should look at the hunk. */
bool rq_hunk_says(const struct rq_hunk_record *hunk);
/* Appends the reason and what it lacks as one sentence; @branch is what lacks it. */
void rq_hunk_print(struct rq_str *out, const struct rq_hunk_record *hunk,
		   const char *branch);
/* Appends the sentence for what the hunk lacks. */
void rq_lack_print(struct rq_str *out, const struct rq_lack *lack, const char *branch);
/* The less trusted of the two. */
enum rq_outcome rq_outcome_worse(enum rq_outcome a, enum rq_outcome b);

/* A new, zeroed record at the end of the branch, named @patch. */
struct rq_entry_record *rq_record_entry(struct rq_branch_record *branch,
					const char *patch);
/* Makes the hunk's sentence the message of the entry, with file and number in front. */
void rq_entry_say_hunk(struct rq_entry_record *entry, const struct rq_hunk_record *hunk);
/* Numbers what there is to choose, from 1. */
void rq_entry_number_offers(struct rq_entry_record *entry);
/* Drops the offers of all hunks. */
void rq_entry_drop_offers(struct rq_entry_record *entry);
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
