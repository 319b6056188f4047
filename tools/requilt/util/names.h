/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A list of names that owns its strings.
 */
#ifndef REQUILT_UTIL_NAMES_H
#define REQUILT_UTIL_NAMES_H

#include <stdbool.h>

#include "util/str.h"
#include "util/vec.h"

struct rq_names {
	rq_vec(char *) v;
};

/* Adds a copy of @name. */
void rq_names_add(struct rq_names *names, struct rq_slice name);
/* The same, unless the list has it. */
void rq_names_add_once(struct rq_names *names, struct rq_slice name);
bool rq_names_have(const struct rq_names *names, struct rq_slice name);
/* For qsort(): the order of two strings, by pointers to them. */
int rq_names_order(const void *a, const void *b);
void rq_names_sort(struct rq_names *names);
/* Sorts, and drops what is there twice: cheaper for many than adding each once. */
void rq_names_settle(struct rq_names *names);
void rq_names_release(struct rq_names *names);

#endif
