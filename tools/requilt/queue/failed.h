/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries of a walk that failed, and which later ones need them.  Each question answers with the name
 * of such an entry, which lives as long as its item, or NULL.
 */
#ifndef REQUILT_QUEUE_FAILED_H
#define REQUILT_QUEUE_FAILED_H

#include "queue/queue_internal.h"

struct rq_failure {
	const struct rq_item *item;
	bool blocked;		/* by another one */
	struct rq_names wanted; /* of a rule: the files that it had to change */
	struct rq_names brings; /* of a rule: the names that it brings into them */
};

struct rq_failures {
	rq_vec(struct rq_failure) v;
	struct rq_image *image; /* the branch as it stands */
	size_t work; /* what was compared so far: beyond a bound nothing is found */
};

/*
 * An entry that failed and changed nothing; @blocked: since it needs another one.  @wanted is asked of a
 * rule only.
 */
void rq_failures_add(struct rq_failures *failures, const struct rq_item *item,
		     bool blocked, const struct rq_names *wanted);
void rq_failures_release(struct rq_failures *failures);

/* For a conflict: what all of its hunks without a place need; NULL where one fails by itself. */
const char *rq_failures_behind_conflict(struct rq_failures *failures,
					const struct rq_patch *patch,
					const struct rq_entry_record *entry);
/* For parts that are present or absent: whose missing result makes one of them look so. */
const char *rq_failures_behind_presence(struct rq_failures *failures,
					const struct rq_patch *patch,
					const struct rq_entry_record *entry);
/* For hunks whose context is not there: who would have brought it. */
const char *rq_failures_behind_context(struct rq_failures *failures,
				       const struct rq_patch *patch,
				       const struct rq_entry_record *entry);
/* As rq_failures_behind_presence(), for a patch as a whole. */
const char *rq_failures_behind_patch(struct rq_failures *failures,
				     const struct rq_patch *patch);
/* For Present-if lines that hold (@hold), or do not: what would turn one of them round. */
const char *rq_failures_behind_conditions(struct rq_failures *failures,
					  const struct rq_conditions *conditions,
					  bool hold);
/* For a rule that is to run: what defines a name that it brings in, or makes a header that it wants. */
const char *rq_failures_behind_rule(struct rq_failures *failures,
				    const struct rq_rule *rule);
/* For a rule that finds nothing to do: what would have given it something. */
const char *rq_failures_behind_nothing(struct rq_failures *failures,
				       const struct rq_rule *rule);
/* For a rule that found names left of which it expects none: what takes all of them out. */
const char *rq_failures_behind_left(struct rq_failures *failures,
				    const struct rq_rule *rule,
				    const struct rq_entry_record *entry);

#endif
