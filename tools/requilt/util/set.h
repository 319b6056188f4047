/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A set of 64-bit hashes, each with the last time that it was added, from 1, and how often it was.
 *
 *	struct rq_set names = { 0 };
 *	rq_set_add(&names, hash, time);
 *	if (rq_set_has(&names, hash)) ...
 *	rq_set_release(&names);
 */
#ifndef REQUILT_UTIL_SET_H
#define REQUILT_UTIL_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rq_set_slot {
	uint64_t hash;
	size_t time; /* 0: free */
	size_t often;
};

struct rq_set {
	struct rq_set_slot *slots;
	size_t n_slots, n;
};

void rq_set_add(struct rq_set *set, uint64_t hash, size_t time);
/* 0: never. */
size_t rq_set_time(const struct rq_set *set, uint64_t hash);
/* How many times it was added. */
size_t rq_set_often(const struct rq_set *set, uint64_t hash);
static inline bool rq_set_has(const struct rq_set *set, uint64_t hash)
{
	return rq_set_time(set, hash) > 0;
}

void rq_set_release(struct rq_set *set);

#endif
