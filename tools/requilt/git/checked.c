// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ids of bytes that were looked at for collisions, so that the same bytes of another branch need only the
 * plain SHA-1, a fifth of the work.  Bytes of that id that are other ones would be half of a pair that was
 * made to collide, and both halves of such a pair show it: none of them has its id in here.
 */
#include "git/git_internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "util/mem.h"

#define FIRST 4096
/* Of slots, half of them used: 40 MiB. */
#define MOST ((size_t)1 << 21)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* over the set */
static struct {
	struct rq_oid *slots; /* open addressing; zero is free */
	size_t n_slots, n;
} set;
static atomic_bool wanted;

void rq_oid_share(void)
{
	wanted = true;
}

bool checked_wanted(void)
{
	return wanted;
}

static struct rq_oid *slot_of(const struct rq_oid *oid)
{
	size_t i;

	memcpy(&i, oid->id, sizeof(i));
	for (i &= set.n_slots - 1;
	     !rq_oid_is_zero(&set.slots[i]) && !rq_oid_eq(&set.slots[i], oid);)
		i = (i + 1) & (set.n_slots - 1);
	return &set.slots[i];
}

static void grow(void)
{
	struct rq_oid *old = set.slots;
	size_t n_old = set.n_slots;

	set.n_slots = n_old ? 2 * n_old : FIRST;
	set.slots = rq_xcalloc(set.n_slots, sizeof(*set.slots));
	for (size_t i = 0; i < n_old; i++)
		if (!rq_oid_is_zero(&old[i]))
			*slot_of(&old[i]) = old[i];
	free(old);
}

bool checked_has(const struct rq_oid *oid)
{
	bool has;

	pthread_mutex_lock(&lock);
	has = set.n && rq_oid_eq(slot_of(oid), oid);
	pthread_mutex_unlock(&lock);
	return has;
}

void checked_add(const struct rq_oid *oid)
{
	pthread_mutex_lock(&lock);
	if (2 * (set.n + 1) > set.n_slots && set.n_slots < MOST)
		grow();
	if (2 * (set.n + 1) <= set.n_slots) {
		struct rq_oid *slot = slot_of(oid);

		set.n += rq_oid_is_zero(slot);
		*slot = *oid;
	}
	pthread_mutex_unlock(&lock);
}

void checked_release(void)
{
	free(set.slots);
	set.slots = NULL;
	set.n_slots = set.n = 0;
	wanted = false;
}
