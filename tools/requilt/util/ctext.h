/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * C text read word by word: what is code, what defines a name, what only mentions it.  Enough
 * C for kernel sources, no preprocessor.
 */
#ifndef REQUILT_UTIL_CTEXT_H
#define REQUILT_UTIL_CTEXT_H

#include <stdbool.h>

#include "util/names.h"

enum rq_word_kind {
	RQ_WORD_CODE,
	/* Where a name comes from at file level: a macro, a prototype, the definition of a
	 * function, variable, type or enumerator. */
	RQ_WORD_DEFINES,
	RQ_WORD_COMMENT,
	RQ_WORD_STRING,
	RQ_WORD_DIRECTIVE, /* its name: "ifdef" */
};

struct rq_word {
	struct rq_slice text; /* borrowed from what is scanned */
	long line;	      /* from 1 */
	/*
	 * From 1: which declaration, definition or (outside of those) directive of the text the
	 * word stands in.  Rather too much is taken for one than too little: a body of several
	 * lines ends with a brace in column 0 that is followed by code in column 0.
	 */
	long unit;
	int parens; /* parentheses that are open here */
	char before; /* in front of code: its last sign, '#' for a directive, 'a' for a word */
	bool in_directive; /* the word is a directive's, or its name */
	enum rq_word_kind kind;
};

/*
 * Calls @each for every word (identifier, keyword, number) in order; a value other than 0 ends
 * the scan and is returned.
 */
int rq_ctext_each(struct rq_slice text,
		  int (*each)(const struct rq_word *word, void *ctx), void *ctx);

/* Whether one of @names stands in @text at all, and whether code has it (RQ_WORD_CODE). */
bool rq_ctext_mentions(struct rq_slice text, const struct rq_names *names);
bool rq_ctext_uses(struct rq_slice text, const struct rq_names *names);

/*
 * Whether @text defines @name (RQ_WORD_DEFINES); a use inside a function body or a comment
 * is none.
 */
bool rq_ctext_defines(struct rq_slice text, const char *name);

#endif
