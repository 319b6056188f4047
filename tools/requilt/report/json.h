/* SPDX-License-Identifier: GPL-2.0-only */
/* Text of others as a value of JSON, for every command that prints some. */
#ifndef REQUILT_REPORT_JSON_H
#define REQUILT_REPORT_JSON_H

#include <jansson.h>

/*
 * A string, or null.  Patches and compilers' messages may carry bytes that are no UTF-8, which
 * JSON may not: those are spelled out as \xNN.
 */
json_t *rq_json_text(const char *s);

#endif
