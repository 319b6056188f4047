// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open addressing over what is random already.  Nothing is ever taken out.
 */
#include "util/set.h"

#include "util/mem.h"

static struct rq_set_slot *slot_of(const struct rq_set *set, uint64_t hash)
{
	size_t i = (size_t)hash & (set->n_slots - 1);

	while (set->slots[i].time && set->slots[i].hash != hash)
		i = (i + 1) & (set->n_slots - 1);
	return &set->slots[i];
}

static void grow(struct rq_set *set)
{
	struct rq_set old = *set;

	set->n_slots = old.n_slots ? 4 * old.n_slots : 256;
	set->slots = rq_xcalloc(set->n_slots, sizeof(*set->slots));
	for (size_t i = 0; i < old.n_slots; i++)
		if (old.slots[i].time)
			*slot_of(set, old.slots[i].hash) = old.slots[i];
	free(old.slots);
}

void rq_set_add(struct rq_set *set, uint64_t hash, size_t time)
{
	struct rq_set_slot *slot;

	if (2 * set->n >= set->n_slots)
		grow(set);
	slot = slot_of(set, hash);
	set->n += !slot->time;
	*slot = (struct rq_set_slot){ hash, time, slot->often + 1 };
}

size_t rq_set_time(const struct rq_set *set, uint64_t hash)
{
	return set->n ? slot_of(set, hash)->time : 0;
}

size_t rq_set_often(const struct rq_set *set, uint64_t hash)
{
	return set->n ? slot_of(set, hash)->often : 0;
}

void rq_set_release(struct rq_set *set)
{
	free(set->slots);
	*set = (struct rq_set){ 0 };
}
