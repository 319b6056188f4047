/* SPDX-License-Identifier: GPL-2.0-only */
/* One JSON value on stdout, and no more: what --json promises. */
#ifndef REQUILT_CMD_JSON_H
#define REQUILT_CMD_JSON_H

#include <jansson.h>

#include "util/err.h"
#include "util/str.h"

/* Prints a value's text, which ends in a newline. */
void rq_cmd_put_json(struct rq_slice text);
/* Takes over and prints @value. */
void rq_cmd_put_json_value(json_t *value);
/*
 * With --json keeps one thing that the command did, for rq_cmd_put_json_did(): "do" is @what, then come keys and
 * texts in pairs, up to NULL; a text that is NULL is left out.  Without --json it does nothing.
 */
void rq_cmd_did(const char *what, ...) __attribute__((sentinel));
/* Prints an object with "tool", "schema" and "did", the list of what was kept, and the error, unless @err is NULL. */
void rq_cmd_put_json_did(const struct rq_err *err);
/*
 * Where no value was printed: an object with "tool", "schema" and "error", which has the exit "status" and
 * the "message" that stderr gets, too.
 */
void rq_cmd_put_json_error(const struct rq_err *err);

#endif
