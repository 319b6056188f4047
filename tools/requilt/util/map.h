/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A map from strings to pointers, const or not as they came.  It owns neither: a key must live as
 * long as the map, so it is best a part of its value.
 *
 *	struct rq_map files = { 0 };
 *	rq_map_put(&files, file->path, file);
 *	file = rq_map_get(&files, path);
 *	rq_map_release(&files);
 *
 * The order of .slots is no order to show to anybody.
 */
#ifndef REQUILT_UTIL_MAP_H
#define REQUILT_UTIL_MAP_H

#include <stddef.h>

struct rq_map_slot {
	const char *key; /* NULL: free */
	void *value;
};

struct rq_map {
	struct rq_map_slot *slots;
	size_t n_slots, n;
};

/* The value of @key, or NULL. */
void *rq_map_get(const struct rq_map *map, const char *key);
/* Gives @key the value @value, and returns the one it had, or NULL; @key replaces the former key. */
void *rq_map_put(struct rq_map *map, const char *key, const void *value);
void rq_map_release(struct rq_map *map);

#endif
