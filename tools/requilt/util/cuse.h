/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * C text read line by line for the names that it calls, uses as members and declares.  The text may
 * be a piece of a file, as a hunk is: no brace or parenthesis has to match.  No preprocessor.
 */
#ifndef REQUILT_UTIL_CUSE_H
#define REQUILT_UTIL_CUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/str.h"

enum rq_cuse_kind {
	RQ_CUSE_CALL,	  /* NAME( in code */
	RQ_CUSE_MEMBER,	  /* .NAME or ->NAME */
	RQ_CUSE_DECLARES, /* a prototype or a definition of a function */
	RQ_CUSE_MACRO,	  /* #define NAME */
	RQ_CUSE_PASTED, /* a macro makes names that begin with .name and end with .back */
	RQ_CUSE_OTHER,	/* any other word of code, keywords and numbers too */
	RQ_CUSE_COMMENT, /* no name: what was told so far stood in a comment */
};

/* For .args, where it is no count. */
#define RQ_ARGS_UNKNOWN \
	(-1)		 /* "()" of a declaration, #if inside, an end that is not there */
#define RQ_ARGS_ANY (-2) /* "...", or a macro */

struct rq_cuse {
	enum rq_cuse_kind kind;
	struct rq_slice name; /* borrowed from the line */
	struct rq_slice back; /* of a pasted name: what it ends with; both may be empty */
	long line, last;      /* of the name and of its ")", as the caller numbers them */
	int args;	      /* of a call or a declaration */
	bool top;	      /* at file level, as far as the text tells */
	bool is_static;	      /* a declaration that other files do not see */
	bool alias;	      /* a macro that may stand for a function */
	bool argument;	      /* any other word: of a macro that stands at file level */
};

typedef void rq_cuse_fn(const struct rq_cuse *use, void *ctx);

extern const bool rq_word_signs[256];

/* Whether words consist of it: letters, digits and "_", whatever the locale. */
static inline bool rq_is_word(char c)
{
	return rq_word_signs[(unsigned char)c];
}

/* What a name is known by in tables: 64 bits that say it as good as surely. */
uint64_t rq_name_hash(struct rq_slice name);
/* The same for all names that a macro makes by pasting something between @front and @back. */
uint64_t rq_pasted_hash(struct rq_slice front, struct rq_slice back);

#define RQ_CSCAN_DEPTH 48
#define RQ_CSCAN_PARAMS 16

/* An open bracket and, for a parenthesis, what stands in front of it. */
struct rq_cframe {
	struct rq_slice name; /* empty: no name that counts */
	long line;
	char open;
	bool declares, top, is_static, mute, unknown, any, words, only_void, generates;
	int commas;
};

/* All of it belongs to cuse.c but for what is said to be the caller's. */
struct rq_cscan {
	rq_cuse_fn *each; /* the caller's: set both before the first line */
	void *ctx;
	bool cut_start; /* the caller may read: a bracket closes that the text did not open */
	bool cut_end; /* after the end: one is open still */

	long line;
	struct rq_cframe stack[RQ_CSCAN_DEPTH];
	int n, base; /* frames, and how many of them a directive must leave alone */
	int lost;    /* brackets that are open beyond the deepest frame */
	int depth;   /* of braces outside of parentheses */
	bool in_comment, in_directive, quiet;
	char quote; /* a string goes on in the next line */
	int dead;   /* conditionals that are open in an "#if 0" */
	bool saw_static, saw_typedef;
	struct rq_slice prev; /* the last token */
	struct rq_slice pend; /* a word whose next token is not known yet */
	long pend_line;
	struct rq_slice
		pend_type; /* the word in front of it, "*" left out; empty: no word */
	bool pend_member, pend_pasted;
	struct rq_slice type; /* the same for the next word */
	/* Of the macro being defined, and the words that "##" has joined so far. */
	struct rq_slice params[RQ_CSCAN_PARAMS];
	int n_params, n_chain;
	bool in_params; /* they go on in the next line */
	struct rq_slice first, last;
	struct rq_cuse
		closed; /* a declaration, if what follows says so; .name empty: none */
};

/* @line with or without its newline; @number is told back. */
void rq_cscan_line(struct rq_cscan *scan, struct rq_slice line, long number);
/* Whether a statement or a block has just ended, so that nothing is open. */
bool rq_cscan_is_between(const struct rq_cscan *scan);
/* Tells what is left at the end of the text. */
void rq_cscan_end(struct rq_cscan *scan);
/* All lines of @text, numbered from 1, and the end. */
void rq_cscan_text(struct rq_cscan *scan, struct rq_slice text);

#endif
