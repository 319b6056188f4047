/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What base trees answered about names, kept in the cache: a file for each tree.
 */
#ifndef REQUILT_QUEUE_ANSWERS_H
#define REQUILT_QUEUE_ANSWERS_H

#include "git/git.h"
#include "semantic/semantic.h"

struct rq_answers {
	char *path;
	rq_vec(struct rq_named) v;
	size_t *slots; /* into .v, plus 1 */
	size_t n_slots;
	bool changed;
};

/* A file that is not there, or not whole, is one without answers. */
void rq_answers_load(struct rq_answers *out, const char *cache,
		     const struct rq_oid *tree);
/* The answer about a name, or about what @in_file declares of it; NULL: it was not asked. */
const struct rq_named *rq_answers_get(const struct rq_answers *answers, uint64_t hash,
				      const char *in_file);
/* Takes @named over, in the place of an earlier answer about it. */
void rq_answers_add(struct rq_answers *answers, struct rq_named *named);
/* Writes what was added.  Where that cannot be done, the next run asks again. */
void rq_answers_save(struct rq_answers *answers);
void rq_answers_release(struct rq_answers *answers);

#endif
