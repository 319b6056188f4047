/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text of strangers on its way to a terminal: no byte of it may steer one.
 *
 * Spelled out as "\x1b" are control characters (C0 and C1, DEL), bytes that are no UTF-8, and
 * characters that are not seen or that turn the direction of the text around them: those that
 * clean() of report/page.html spells out.
 */
#ifndef REQUILT_UTIL_CLEAN_H
#define REQUILT_UTIL_CLEAN_H

#include <stdio.h>

#include "util/str.h"

/*
 * The length of the character at the start of @text, which is not empty; 0: that is no UTF-8.
 * *@steers: it is one to spell out.
 */
size_t rq_char_length(struct rq_slice text, bool *steers);

/* On one line: newlines and tabs are spelled out as well.  NULL is nothing. */
void rq_put_clean(FILE *out, const char *text);

/* As lines: newlines and tabs stay. */
void rq_write_clean(FILE *out, struct rq_slice text);

/* printf, with all but newlines and tabs of the result made safe. */
void rq_print_clean(FILE *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
