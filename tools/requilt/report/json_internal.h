/* SPDX-License-Identifier: GPL-2.0-only */
/* What all writers of JSON need. */
#ifndef REQUILT_REPORT_JSON_INTERNAL_H
#define REQUILT_REPORT_JSON_INTERNAL_H

#include "git/git.h"
#include "record/record.h"
#include "record/verified.h"
#include "report/json.h"
#include "util/str.h"

/* The id in hex; null for the zero id.  The caller owns the value. */
json_t *rq_json_oid(const struct rq_oid *oid);
/* rq_json_text() of bytes that may hold NUL. */
json_t *rq_json_bytes(struct rq_slice bytes);
/* The string that @object has under @key, "" when it has none; borrowed from @object. */
const char *rq_json_word(const json_t *object, const char *key);
/* The same as a copy that the caller frees; NULL when it has none. */
char *rq_json_take_text(const json_t *from, const char *key);
/* 0 when it has no whole number there. */
long rq_json_take_number(const json_t *from, const char *key);
/* Which of the @n words of @word it has there; false, and 0, when it is none of them. */
bool rq_json_take_word(int *out, const json_t *from, const char *key, int n,
		       const char *(*word)(int));
bool rq_json_take_outcome(int *out, const json_t *from, const char *key);

/* A hunk of port.json; @branch is what lacks what it adds.  The caller owns the value. */
json_t *rq_json_hunk(const struct rq_hunk_record *hunk, const char *branch);
/* Fills @hunk, which is zeroed, with what rq_json_hunk() made; false where that is another thing. */
bool rq_json_take_hunk(struct rq_hunk_record *hunk, const json_t *from);

/* The same of an offer. */
json_t *rq_json_offer(const struct rq_offer *offer);
bool rq_json_take_offer(struct rq_offer *offer, const json_t *from);

/* What JSON calls the verdict on an entry; static. */
const char *rq_json_verdict(enum rq_verdict verdict);

/* port.json parsed, with digest, colour and entries in place; RQ_EFORMAT else. */
int rq_port_json_load(json_t **out, const char *path, struct rq_slice text,
		      struct rq_err *err);

#endif
