/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Command line options from one table: it parses, and prints usage and help.
 */
#ifndef REQUILT_UTIL_OPT_H
#define REQUILT_UTIL_OPT_H

#include <stdbool.h>
#include <stdio.h>

#include "util/err.h"

enum rq_opt_kind {
	RQ_OPT_FLAG,   /* bool *: set to true */
	RQ_OPT_STRING, /* const char **: borrowed from argv */
	RQ_OPT_NUMBER, /* long *: whole, 0 or more */
	RQ_OPT_NAMES,  /* struct rq_names *: may be given several times */
	RQ_OPT_MAYBE,  /* const char **: what is after "=", borrowed; "" without one */
};

/* A row; the last one of a table has no name. */
struct rq_opt {
	const char *name; /* long name without the dashes */
	char letter;	  /* short form, or 0 */
	enum rq_opt_kind kind;
	const char *arg; /* what the help calls the argument: "DIR" */
	const char *help;
	void *value;
};

/*
 * Parses options anywhere among the words until "--".  On success *@argc and @argv hold
 * the words that were no options, in order.  RQ_EUSAGE names the option at fault.
 * @tables is an array of tables, ended by NULL.
 */
int rq_opt_parse(const struct rq_opt *const *tables, int *argc, char **argv,
		 struct rq_err *err);

/* Whether the next word is never the option's value. */
bool rq_opt_takes_no_word(const struct rq_opt *option);

/*
 * How many words the option @word takes, itself included: 2 when its argument is the next word,
 * else 1 (an unknown option too: parsing will refuse it).
 */
int rq_opt_words(const struct rq_opt *table, const char *word);

/* One line a row: "  -j, --jobs N     how many at once". */
void rq_opt_help(const struct rq_opt *table, FILE *out);

#endif
