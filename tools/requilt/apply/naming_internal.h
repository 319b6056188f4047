/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a line of a file opens, by name: the line that diff prints behind the second "@@", or one
 * of a file.  Reads one line and knows no hunk.
 *
 *	static int __init foo_probe(struct device *dev,		foo_probe, a function
 *	static const struct of_device_id foo_match[] = {	foo_match, an object
 *	struct foo {						foo, a type
 *	SYSCALL_DEFINE3(read, unsigned int, fd,			read, a macro's argument
 *	config FOO						FOO, a Kconfig symbol
 *	i2c0: i2c@7e205000 {					i2c0, a node
 *	foo_entry:						foo_entry, in assembler only
 */
#ifndef REQUILT_APPLY_NAMING_INTERNAL_H
#define REQUILT_APPLY_NAMING_INTERNAL_H

#include <stdbool.h>

#include "util/str.h"

/* How a file names its parts; RQ_TEXT has lines, but no names. */
enum rq_language { RQ_TEXT, RQ_C, RQ_HEADER, RQ_ASM, RQ_DT, RQ_KCONFIG };

enum rq_name_kind {
	RQ_NAME_FUNCTION,
	RQ_NAME_OBJECT,
	RQ_NAME_TYPE,
	RQ_NAME_MACRO,
	RQ_NAME_SYMBOL,
	RQ_NAME_NODE,
};

/* Slices of the line that was read. */
struct rq_name {
	enum rq_name_kind kind;
	struct rq_slice word;
	struct rq_slice macro,
		second;	      /* RQ_NAME_MACRO: its own name, and a second argument */
	struct rq_slice type; /* RQ_NAME_TYPE: struct, union or enum */
	bool open; /* the line ends with the word: a line that was cut may end in it */
	bool declares; /* the line ends with a semicolon */
};

enum rq_language rq_language_of(const char *path);
/* False when @line opens nothing that has a name: a label, a directive, prose, a statement. */
bool rq_name_of(struct rq_name *out, enum rq_language language, struct rq_slice line);
/* What a line defines in a file that has no other names: a script, Rust or a Makefile. */
enum rq_definition {
	RQ_DEFINES_NOTHING,
	RQ_DEFINES_LINE,  /* an assignment of one line */
	RQ_DEFINES_LINES, /* what the lines below it belong to */
};

/* *@word is its name, a slice of @line. */
enum rq_definition rq_definition_of(struct rq_slice *word, const char *path,
				    struct rq_slice line);
/* Whether both name the same thing, whatever its type and its parameters are. */
bool rq_name_eq(const struct rq_name *a, const struct rq_name *b);
/* As messages write it: "foo()", "struct foo", "config FOO". */
void rq_name_print(struct rq_str *out, const struct rq_name *name);

#endif
