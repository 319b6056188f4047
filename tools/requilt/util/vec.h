/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A growing array of any type.
 *
 *	rq_vec(struct hunk) hunks = { 0 };
 *	*rq_vec_push(&hunks) = (struct hunk){ ... };
 *	for (size_t i = 0; i < hunks.n; i++) use(&hunks.v[i]);
 *	rq_vec_release(&hunks);
 *
 * Pointers into .v are good until the next push.
 */
#ifndef REQUILT_UTIL_VEC_H
#define REQUILT_UTIL_VEC_H

#include <string.h>

#include "util/mem.h"

#define rq_vec(type)           \
	struct {               \
		type *v;       \
		size_t n, cap; \
	}

#define rq_vec_reserve(vec, want)                                                       \
	do {                                                                            \
		if ((vec)->cap < (want)) {                                              \
			(vec)->cap = (want) > 2 * (vec)->cap ? (want) : 2 * (vec)->cap; \
			if ((vec)->cap < 8)                                             \
				(vec)->cap = 8;                                         \
			(vec)->v =                                                      \
				rq_xrealloc((vec)->v, (vec)->cap * sizeof(*(vec)->v));  \
		}                                                                       \
	} while (0)

/* A zeroed new last element. */
#define rq_vec_push(vec)                                           \
	({                                                         \
		rq_vec_reserve((vec), (vec)->n + 1);               \
		memset(&(vec)->v[(vec)->n], 0, sizeof(*(vec)->v)); \
		&(vec)->v[(vec)->n++];                             \
	})

#define rq_vec_release(vec)                \
	do {                               \
		free((vec)->v);            \
		(vec)->v = NULL;           \
		(vec)->n = (vec)->cap = 0; \
	} while (0)

/* Leaves the elements to whoever took .v over. */
#define rq_vec_forget(vec)                 \
	do {                               \
		(vec)->v = NULL;           \
		(vec)->n = (vec)->cap = 0; \
	} while (0)

#endif
