/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The headers that the readers of a patch expect: stable trees, Debian, SUSE, Yocto.
 *
 * One set of facts is read off a patch; a dialect says how they are written, and which rules a
 * header has to keep.  What the patch does not say is left out, and the rules tell what is
 * missing.
 */
#ifndef REQUILT_EMIT_DIALECT_H
#define REQUILT_EMIT_DIALECT_H

#include "git/git.h"
#include "patch/patch.h"

/* Borrows from the patch. */
struct rq_facts {
	const struct rq_patch *patch;
	struct rq_header header;
	struct rq_head_parts parts;
	struct rq_slice title, body; /* of header.message */
	struct rq_upstream upstream;
};

void rq_facts_read(struct rq_facts *out, const struct rq_patch *patch);
void rq_facts_release(struct rq_facts *facts);

struct rq_head_value {
	struct rq_slice text;
	long line; /* of the head, from 1 */
};

/* The first "Name: value" line of the head. */
bool rq_facts_value(struct rq_head_value *out, const struct rq_facts *facts,
		    const char *name);

struct rq_dialect;

/* NULL when there is none of that name. */
const struct rq_dialect *rq_dialect_find(const char *name);

/* Called for each breach: which rule, where (a line of the file), what is wrong. */
typedef void rq_breach_fn(const char *rule, long line, const char *what, void *ctx);

/* Checks what holds everywhere and, unless @dialect is NULL, its own rules. */
void rq_dialect_lint(const struct rq_dialect *dialect, const struct rq_facts *facts,
		     rq_breach_fn *each, void *ctx);

/* --- for mbox.c: the three places where a dialect writes; @dialect may be NULL --- */

/* Fields behind Subject: and Date:. */
void rq_dialect_fields(struct rq_str *out, const struct rq_dialect *dialect,
		       const struct rq_facts *facts);
/* The message below the title, with what goes in front and to the trailers. */
void rq_dialect_body(struct rq_str *out, const struct rq_dialect *dialect,
		     const struct rq_facts *facts);

#endif
