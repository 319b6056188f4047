/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a hunk is where it is, or nowhere: a code, and what it speaks of.  The sentence is made of both
 * where somebody reads it, by one table.
 */
#ifndef REQUILT_RECORD_REASON_H
#define REQUILT_RECORD_REASON_H

#include <stdbool.h>
#include <stddef.h>

#include "util/names.h"
#include "util/str.h"
#include "util/vec.h"

enum rq_reason_code {
	RQ_REASON_NONE,
	/* nowhere */
	RQ_REASON_NEAR,
	RQ_REASON_NO_LINE,
	RQ_REASON_NOT_SOUGHT,
	RQ_REASON_CONTEXT,
	RQ_REASON_PATCH_CRLF,
	RQ_REASON_FILE_CRLF,
	RQ_REASON_PATCH_NEWLINE,
	RQ_REASON_FILE_NEWLINE,
	RQ_REASON_BELONGS_TO_END,
	RQ_REASON_BELONGS_TO_START,
	RQ_REASON_FUZZ_DONE,
	RQ_REASON_NOT_IN_FUNCTION,
	RQ_REASON_REMOVED,
	RQ_REASON_INSERTS_ELSEWHERE,
	RQ_REASON_NEIGHBOURS_APART,
	RQ_REASON_RESULT_THERE,
	RQ_REASON_IN_COMMENT,
	RQ_REASON_NOT_CERTAIN,
	/* several places */
	RQ_REASON_SEVERAL,
	RQ_REASON_MANY,
	RQ_REASON_SEVERAL_PARTS,
	RQ_REASON_CLAIMED,
	RQ_REASON_OUT_OF_ORDER,
	RQ_REASON_NEW_OUT_OF_ORDER,
	RQ_REASON_OLD_AND_NEW,
	/* placed, with a reservation */
	RQ_REASON_BY_LINE,
	RQ_REASON_ELSEWHERE,
	RQ_REASON_WITHOUT_CONTEXT,
	RQ_REASON_TWIN,
	RQ_REASON_COMMON,
	RQ_REASON_REPEATED,
	RQ_REASON_READS_DONE,
	RQ_REASON_OLD_READS_DONE,
	RQ_REASON_NOT_AT_END,
	RQ_REASON_NOT_AT_START,
	RQ_REASON_ANCHORED,
	RQ_REASON_ANCHORED_OVER,
	RQ_REASON_WORDS,
	RQ_REASON_REWORDED,
	RQ_REASON_BRIDGED,
	RQ_REASON_MOVED,
	RQ_REASON_PRESENT_ELSEWHERE,
	RQ_REASON_HUNK_PRESENT_ELSEWHERE,
	RQ_REASON_ABSENT,
	/* the file as a whole */
	RQ_REASON_NOT_HERE,
	RQ_REASON_NOT_HERE_TO_MOVE,
	RQ_REASON_NAME_TAKEN,
	RQ_REASON_FOLDER_THERE,
	RQ_REASON_LINK_IN_PATH,
	RQ_REASON_FILE_IN_PATH,
	RQ_REASON_LINK_HERE,
	RQ_REASON_FILE_HERE,
	RQ_REASON_SUBMODULE_IN_PATCH,
	RQ_REASON_FOLDER_HERE,
	RQ_REASON_SUBMODULE_HERE,
	RQ_REASON_BINARY_UNKNOWN,
	RQ_REASON_BINARY_OTHER,
	RQ_REASON_CREATED_DIFFERS,
	RQ_REASON_REMOVED_DIFFERS,
	RQ_REASON_NO_NEWLINE,
	RQ_REASON_TOO_ALIKE,
	RQ_REASONS, /* how many there are */
};

/* A vector. */
struct rq_numbers {
	long *v;
	size_t n, cap;
};

/* Numbers that are 0 and texts that are NULL say nothing.  Lines count from 1, in the branch's file. */
struct rq_reason {
	enum rq_reason_code code;
	long line, other; /* of two lines the one that is, or may be, the place first */
	long count, of;	  /* how many, and of how many */
	long more;	  /* that are not listed */
	long hunk;	  /* another one of the file */
	long stated;	  /* the line that the patch states */
	struct rq_numbers lines;
	char *name;		 /* what the hunk names, or a file */
	char *around;		 /* what is around the place, or where a file is now */
	char *renamed;		 /* what the name may have become */
	char *text, *want;	 /* a line of the branch, and the patch's in its place */
	struct rq_names missing; /* lines of the patch that the branch does not have */
	struct rq_names files;	 /* of the branch, that are like the patch's */
};

enum rq_field_kind { RQ_FIELD_NUMBER, RQ_FIELD_NUMBERS, RQ_FIELD_TEXT, RQ_FIELD_TEXTS };

/* The fields by name, as JSON has them. */
struct rq_reason_field {
	const char *name;
	enum rq_field_kind kind;
	size_t offset; /* in struct rq_reason */
};

#define RQ_REASON_FIELDS 15
extern const struct rq_reason_field rq_reason_fields[RQ_REASON_FIELDS];

/* "near", ...; static. */
const char *rq_reason_word(enum rq_reason_code code);
/* Whether a merge with the tree that the patch was made for might place it. */
bool rq_reason_wants_source(enum rq_reason_code code);
/* A copy that owns the strings of @reason; the caller frees it. */
struct rq_reason *rq_reason_new(const struct rq_reason *reason);
void rq_reason_free(struct rq_reason *reason);
/* Appends the sentence. */
void rq_reason_print(struct rq_str *out, const struct rq_reason *reason);
/* The start of @line, as long as a sentence takes; the caller frees it. */
char *rq_reason_line(struct rq_slice line);

#endif
