/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What compiling and checking a port found: filled by verify/, walked by the reports.
 *
 * Owns its strings.  The first entry of a branch is its base, under the name "base".
 */
#ifndef REQUILT_RECORD_VERIFIED_H
#define REQUILT_RECORD_VERIFIED_H

#include <stdbool.h>

#include "git/git.h"
#include "record/booted.h"
#include "util/names.h"
#include "util/vec.h"

/* What sparse is called with, as 0-day calls it; it stops after 100 warnings by itself. */
#define RQ_SPARSE_FLAGS "-fdiagnostic-prefix -fmax-warnings=unlimited -D__CHECK_ENDIAN__"

enum rq_diag_tool { RQ_DIAG_COMPILER, RQ_DIAG_SPARSE };

/* One message of a compiler or checker. */
struct rq_diag {
	enum rq_diag_tool tool;
	char *object; /* that was being made: "mm/rmap.o" */
	char *file;   /* that it is about, in the tree */
	long line;    /* 0: about the object as a whole */
	long column;  /* 0: not said */
	bool error;
	char *text;
	rq_vec(char *) details; /* lines that belong to it: "   expected int *" */
};

struct rq_diags {
	rq_vec(struct rq_diag) v;
};

enum rq_verdict {
	RQ_VERDICT_OK,
	RQ_VERDICT_IDLE, /* nothing to compile: not applied, or no object is touched */
	RQ_VERDICT_WARNINGS, /* compiles, with new warnings */
	RQ_VERDICT_FAILED,
	RQ_VERDICT_UNSEEN, /* behind one that failed, or not looked at alone */
	RQ_VERDICTS,	   /* how many there are */
};

struct rq_verified_entry {
	char *patch;
	struct rq_oid commit; /* zero: not applied */
	enum rq_verdict verdict;
	size_t objects;		 /* compiled or checked */
	struct rq_names off;	 /* touched sources that this configuration leaves out */
	struct rq_diags fresh;	 /* new messages that it brought */
	size_t vanished;	 /* messages that are gone with it */
	struct rq_diag *failure; /* the first error; NULL unless it failed */
	double seconds;
};

struct rq_verified_branch {
	char *branch, *version;	   /* version: may be NULL */
	struct rq_oid base, head;  /* commits */
	char *config;		   /* "tinyconfig + mm.config" */
	char *compiler, *checker;  /* first line of --version; NULL: not used */
	struct rq_names unchecked; /* what sparse cannot judge on the base already */
	rq_vec(struct rq_verified_entry) entries;
	bool kept;		/* compiled and checked by an earlier run */
	struct rq_booted *boot; /* NULL: was not asked for */
	char *failure; /* the branch could not be verified at all: why; else NULL */
	enum rq_code failure_code;
};

struct rq_verified {
	char *queue;
	bool build, sparse, boot; /* what was asked for */
	rq_vec(struct rq_verified_branch) branches;
};

/* "ok", ...; static. */
const char *rq_verdict_word(enum rq_verdict verdict);
/* The worst of its entries; RQ_VERDICT_FAILED when the branch could not be verified. */
enum rq_verdict rq_verified_verdict(const struct rq_verified_branch *branch);

void rq_diag_copy(struct rq_diag *out, const struct rq_diag *diag);
void rq_diag_release(struct rq_diag *diag);
void rq_diags_release(struct rq_diags *diags);
void rq_verified_branch_release(struct rq_verified_branch *branch);
void rq_verified_release(struct rq_verified *verified);

#endif
