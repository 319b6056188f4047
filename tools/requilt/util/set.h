/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A set of 64-bit hashes.
 *
 *	struct rq_set names = { 0 };
 *	rq_set_add(&names, hash);
 *	if (rq_set_has(&names, hash)) ...
 *	rq_set_release(&names);
 */
#ifndef REQUILT_UTIL_SET_H
#define REQUILT_UTIL_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rq_set {
	uint64_t *slots; /* 0: free */
	size_t n_slots, n;
	bool zero; /* has 0, which no slot can say */
};

void rq_set_add(struct rq_set *set, uint64_t hash);
bool rq_set_has(const struct rq_set *set, uint64_t hash);
void rq_set_release(struct rq_set *set);

#endif
