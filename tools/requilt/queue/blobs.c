// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blobs of bases, each read once however many branches and threads ask for it: whoever asks first
 * reads, the others wait.
 */
#include "queue/queue_internal.h"

#include <pthread.h>
#include <stdlib.h>

struct blob {
	struct rq_oid oid;
	struct rq_str bytes;
	enum { READING, READ, FAILED } state;
};

struct rq_blobs {
	pthread_mutex_t lock;
	pthread_cond_t settled;
	struct blob **slots; /* open addressing by id */
	size_t n_slots, n;   /* slots: a power of two */
};

struct rq_blobs *rq_blobs_new(void)
{
	struct rq_blobs *blobs = rq_xcalloc(1, sizeof(*blobs));

	pthread_mutex_init(&blobs->lock, NULL);
	pthread_cond_init(&blobs->settled, NULL);
	blobs->n_slots = 256;
	blobs->slots = rq_xcalloc(blobs->n_slots, sizeof(*blobs->slots));
	return blobs;
}

void rq_blobs_free(struct rq_blobs *blobs)
{
	if (!blobs)
		return;
	for (size_t i = 0; i < blobs->n_slots; i++)
		if (blobs->slots[i]) {
			rq_str_release(&blobs->slots[i]->bytes);
			free(blobs->slots[i]);
		}
	free(blobs->slots);
	pthread_cond_destroy(&blobs->settled);
	pthread_mutex_destroy(&blobs->lock);
	free(blobs);
}

static struct blob **slot_of(const struct rq_blobs *blobs, const struct rq_oid *oid)
{
	size_t i;

	memcpy(&i, oid->id, sizeof(i));
	for (i &= blobs->n_slots - 1;
	     blobs->slots[i] && !rq_oid_eq(&blobs->slots[i]->oid, oid);)
		i = (i + 1) & (blobs->n_slots - 1);
	return &blobs->slots[i];
}

static struct blob *add(struct rq_blobs *blobs, const struct rq_oid *oid)
{
	struct blob **old = blobs->slots, *blob = rq_xcalloc(1, sizeof(*blob));
	size_t n_old = blobs->n_slots;

	blob->oid = *oid;
	if (2 * ++blobs->n > n_old) {
		blobs->n_slots *= 2;
		blobs->slots = rq_xcalloc(blobs->n_slots, sizeof(*blobs->slots));
		for (size_t i = 0; i < n_old; i++)
			if (old[i])
				*slot_of(blobs, &old[i]->oid) = old[i];
		free(old);
	}
	return *slot_of(blobs, oid) = blob;
}

int rq_blobs_read(struct rq_blobs *blobs, struct rq_repo *repo, const struct rq_oid *oid,
		  struct rq_slice *out, struct rq_err *err)
{
	struct rq_str bytes = { 0 };
	struct blob *blob;
	int rc = 0;

	pthread_mutex_lock(&blobs->lock);
	blob = *slot_of(blobs, oid);
	while (blob && blob->state == READING)
		pthread_cond_wait(&blobs->settled, &blobs->lock);
	if (!blob || blob->state == FAILED) {
		if (!blob)
			blob = add(blobs, oid);
		blob->state = READING;
		pthread_mutex_unlock(&blobs->lock);
		rc = rq_blob_read(repo, oid, &bytes, err);
		pthread_mutex_lock(&blobs->lock);
		blob->bytes = bytes;
		blob->state = rc ? FAILED : READ;
		pthread_cond_broadcast(&blobs->settled);
	}
	*out = rq_str_slice(&blob->bytes);
	pthread_mutex_unlock(&blobs->lock);
	return rc;
}
