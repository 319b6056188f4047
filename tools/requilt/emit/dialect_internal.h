/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to emit/: what a dialect is made of.  Each is one file and one row of dialect.c's table. */
#ifndef REQUILT_EMIT_DIALECT_INTERNAL_H
#define REQUILT_EMIT_DIALECT_INTERNAL_H

#include "emit/dialect.h"

/* A header that is held against rules. */
struct rq_lint {
	const struct rq_facts *facts;
	const char *rule; /* the one that is being checked */
	rq_breach_fn *each;
	void *ctx;
};

struct rq_lint_rule {
	const char *name;
	void (*check)(const struct rq_lint *lint);
};

/* A writer appends only what the facts have; what the header has already stays as it is. */
struct rq_dialect {
	const char *name;
	void (*fields)(struct rq_str *out, const struct rq_facts *facts);
	void (*front)(struct rq_str *out, const struct rq_facts *facts);
	void (*trailers)(struct rq_str *out, const struct rq_facts *facts);
	const struct rq_lint_rule *rules; /* ended by a row without a name */
	bool unsigned_is_fine;		  /* its readers ask for no sign-off */
	bool several_upstream;		  /* it may name several commits upstream */
};

extern const struct rq_dialect rq_dialect_stable, rq_dialect_dep3, rq_dialect_suse,
	rq_dialect_yocto;

/* Reports a breach at @line of the head; 0 is its start. */
void rq_lint_report(const struct rq_lint *lint, long line, const char *what);

bool rq_facts_has(const struct rq_facts *facts, const char *name);
bool rq_is_commit_id(struct rq_slice text);

#endif
