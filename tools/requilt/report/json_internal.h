/* SPDX-License-Identifier: GPL-2.0-only */
/* What all writers of JSON need. */
#ifndef REQUILT_REPORT_JSON_INTERNAL_H
#define REQUILT_REPORT_JSON_INTERNAL_H

#include <jansson.h>

#include "git/git.h"

/* The id in hex; null for the zero id.  The caller owns the value. */
json_t *rq_json_oid(const struct rq_oid *oid);
/*
 * A string, or null.  Patches and compilers' messages may carry bytes that are no UTF-8, which
 * JSON may not: those are spelled out as \xNN.
 */
json_t *rq_json_text(const char *s);

#endif
