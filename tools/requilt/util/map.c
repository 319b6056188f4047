// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open addressing over a power of two of slots, at most half of them taken.  Nothing is taken out.
 */
#include "util/map.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "util/mem.h"

static struct rq_map_slot *slot_of(const struct rq_map *map, const char *key)
{
	size_t i = XXH3_64bits(key, strlen(key)) & (map->n_slots - 1);

	while (map->slots[i].key && strcmp(map->slots[i].key, key) != 0)
		i = (i + 1) & (map->n_slots - 1);
	return &map->slots[i];
}

static void grow(struct rq_map *map)
{
	struct rq_map old = *map;

	map->n_slots = old.n_slots ? 2 * old.n_slots : 16;
	map->slots = rq_xcalloc(map->n_slots, sizeof(*map->slots));
	for (size_t i = 0; i < old.n_slots; i++)
		if (old.slots[i].key)
			*slot_of(map, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

void *rq_map_get(const struct rq_map *map, const char *key)
{
	return map->n ? slot_of(map, key)->value : NULL;
}

void *rq_map_put(struct rq_map *map, const char *key, const void *value)
{
	struct rq_map_slot *slot;
	void *former;

	if (2 * (map->n + 1) > map->n_slots)
		grow(map);
	slot = slot_of(map, key);
	former = slot->value;
	map->n += !slot->key;
	*slot = (struct rq_map_slot){ key, (void *)value };
	return former;
}

void rq_map_release(struct rq_map *map)
{
	free(map->slots);
	*map = (struct rq_map){ 0 };
}
