/* SPDX-License-Identifier: GPL-2.0-only */
/* The index of words and declarations, opened for one tree. */
#ifndef REQUILT_SEMANTIC_INDEX_INTERNAL_H
#define REQUILT_SEMANTIC_INDEX_INTERNAL_H

#include "semantic/semantic_internal.h"
#include "util/cuse.h"

/*
 * A declaration is the hash of its name with these in place of the lowest bits.  Sorted, all of a
 * name stand together.
 */
#define RQ_DECLARED_NAME (~UINT64_C(0xff))
#define RQ_DECLARED_STATIC 0x80
#define RQ_DECLARED_COUNT 0x3f	/* of arguments, or one of these: */
#define RQ_DECLARED_GIVEN 0x3c	/* no declaration: an argument of a macro at file level */
#define RQ_DECLARED_PASTED 0x3d /* neither: rq_pasted_hash() of what a macro makes */
#define RQ_DECLARED_ANY 0x3e	/* takes any, or nobody knows */

static inline uint64_t rq_declared(uint64_t hash, int args, bool is_static)
{
	uint64_t count =
		args < 0 || args >= RQ_DECLARED_GIVEN ? RQ_DECLARED_ANY : (uint64_t)args;

	return (hash & RQ_DECLARED_NAME) | count | (is_static ? RQ_DECLARED_STATIC : 0);
}

struct rq_index_blob {
	struct rq_oid oid;
	char *path; /* one of its paths */
	const unsigned char *bits;
	const uint64_t *declared;
	size_t n_declared;
	uint32_t n_bytes; /* of the bits */
	/* Both of a blob that the file did not have. */
	unsigned char *made;
	uint64_t *made_declared;
};

struct rq_index_record;

struct rq_index {
	const char *repo_path;
	char *path;
	int fd;
	void *map;
	size_t mapped, end;		    /* @end: behind the last whole record */
	rq_vec(struct rq_index_blob) blobs; /* of the tree, sorted by path */
	const struct rq_index_record **slots;
	size_t n_slots;
};

/* Reads what of the tree the file does not have; nobody else uses the file until it is closed. */
int rq_index_open(struct rq_index *index, const char *cache, struct rq_repo *repo,
		  const struct rq_oid *tree, long jobs, FILE *progress,
		  struct rq_err *err);
void rq_index_close(struct rq_index *index);
/* Never no for a name that the blob has. */
bool rq_index_may_have(const struct rq_index_blob *blob, uint64_t hash);

#endif
