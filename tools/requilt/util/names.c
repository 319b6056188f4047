// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of names, short enough to be searched from one end to the other.
 */
#include "util/names.h"

#include <stdlib.h>

void rq_names_add(struct rq_names *names, struct rq_slice name)
{
	*rq_vec_push(&names->v) = rq_xstrndup(name.p, name.n);
}

void rq_names_add_once(struct rq_names *names, struct rq_slice name)
{
	if (!rq_names_have(names, name))
		rq_names_add(names, name);
}

bool rq_names_have(const struct rq_names *names, struct rq_slice name)
{
	for (size_t i = 0; i < names->v.n; i++)
		if (rq_slice_eq(rq_slice_of(names->v.v[i]), name))
			return true;
	return false;
}

int rq_names_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void rq_names_sort(struct rq_names *names)
{
	if (names->v.n)
		qsort(names->v.v, names->v.n, sizeof(*names->v.v), rq_names_order);
}

void rq_names_settle(struct rq_names *names)
{
	size_t kept = 0;

	rq_names_sort(names);
	for (size_t i = 0; i < names->v.n; i++) {
		if (kept && strcmp(names->v.v[kept - 1], names->v.v[i]) == 0)
			free(names->v.v[i]);
		else
			names->v.v[kept++] = names->v.v[i];
	}
	names->v.n = kept;
}

void rq_names_release(struct rq_names *names)
{
	for (size_t i = 0; i < names->v.n; i++)
		free(names->v.v[i]);
	rq_vec_release(&names->v);
}
