// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hashing and deflating in threads.  Jobs stand in a ring in the order given; any thread
 * takes the next one, and whoever completes the oldest writes it and the finished ones
 * behind it.  So the pack does not depend on who was faster.  The ring is bounded in jobs
 * and in bytes: a giver that is ahead waits.
 */
#include "git/pack_internal.h"

#include <pthread.h>

#include "util/mem.h"

#define RING 512
#define STACK ((size_t)2 << 20)	    /* of address space, which a limit may count */
#define BYTES_MAX ((size_t)4 << 20) /* more cost memory and no less time */

struct job {
	struct pack_given given;
	struct pack_item item; /* no bytes: somebody has the object already */
	bool done;
};

struct pack_threads {
	struct rq_pack *pack;
	pthread_t *ids;
	int n;
	pthread_mutex_t lock; /* over all below, and over the pack's file and set */
	pthread_cond_t work, room;
	struct job ring[RING];
	size_t given, taken, written; /* counters; the place in the ring is modulo RING */
	size_t bytes;		      /* of data between given and written */
	bool stop;
	struct rq_err err; /* the first failure; nothing is written after it */
};

static void forget(struct job *job)
{
	free(job->item.bytes);
	pack_given_drop(&job->given);
}

/* Under the lock.  Writes finished jobs, oldest first. */
static void retire(struct pack_threads *t)
{
	while (t->written < t->taken && t->ring[t->written % RING].done) {
		struct job *job = &t->ring[t->written % RING];

		if (job->given.oid)
			*job->given.oid = job->given.what->oid;
		if (job->item.bytes && !t->err.code)
			pack_item_write(t->pack, &job->given, &job->item, &t->err);
		t->bytes -= job->given.what->bytes.len;
		forget(job);
		t->written++;
		pthread_cond_signal(&t->room);
	}
}

/* Without the lock, but to look whether the object is known. */
static int work(struct pack_threads *t, struct job *job,
		struct libdeflate_compressor *zip, struct rq_err *err)
{
	bool known;

	if (job->given.oid && pack_hash(&job->given, err))
		return err->code;
	pthread_mutex_lock(&t->lock);
	known = pack_has(t->pack, &job->given.what->oid);
	pthread_mutex_unlock(&t->lock);
	return known ? 0 : pack_item_make(&job->item, zip, &job->given, err);
}

static void *run(void *arg)
{
	struct pack_threads *t = arg;
	struct rq_err err = { 0 };
	struct libdeflate_compressor *zip = NULL;
	struct job *job;
	int rc = pack_deflater_new(&zip, t->pack->level, &err);

	pthread_mutex_lock(&t->lock);
	for (;;) {
		while (t->taken == t->given && !t->stop)
			pthread_cond_wait(&t->work, &t->lock);
		if (t->stop)
			break;
		job = &t->ring[t->taken++ % RING];
		pthread_mutex_unlock(&t->lock);
		if (!rc)
			rc = work(t, job, zip, &err);
		pthread_mutex_lock(&t->lock);
		if (rc && !t->err.code)
			t->err = err;
		job->done = true;
		retire(t);
	}
	pthread_mutex_unlock(&t->lock);
	libdeflate_free_compressor(zip);
	return NULL;
}

/* The threads ask an object database of their own: the repository's stays the caller's. */
static int open_odb(struct rq_pack *pack, struct rq_err *err)
{
	_cleanup_free_ char *objects =
		rq_xstrndup(pack->folder, strlen(pack->folder) - strlen("/pack"));
	git_odb *odb;

	if (git_odb_open(&odb, objects) < 0)
		return rq_git_fail(err, "%s", objects);
	pack->odb = odb;
	return 0;
}

int pack_threads_start(struct rq_pack *pack, int n, struct rq_err *err)
{
	struct pack_threads *t;
	pthread_attr_t small;
	int rc = open_odb(pack, err);

	if (rc)
		return rc;
	t = rq_xcalloc(1, sizeof(*t));
	t->pack = pack;
	t->ids = rq_xcalloc((size_t)n, sizeof(*t->ids));
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->work, NULL);
	pthread_cond_init(&t->room, NULL);
	pack->threads = t;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK);
	while (t->n < n && pthread_create(&t->ids[t->n], &small, run, t) == 0)
		t->n++;
	pthread_attr_destroy(&small);
	if (t->n == 0) {
		pack_threads_stop(pack);
		return rq_err_set(err, RQ_EIO, "no thread can be started");
	}
	return 0;
}

static int failure(struct pack_threads *t, struct rq_err *err)
{
	if (t->err.code)
		*err = t->err;
	return t->err.code;
}

int pack_threads_give(struct rq_pack *pack, const struct pack_given *given,
		      struct rq_err *err)
{
	struct pack_threads *t = pack->threads;
	struct job job = { .given = *given };
	size_t len = given->what->bytes.len;
	int rc;

	pthread_mutex_lock(&t->lock);
	/* One that is larger than the bound alone gets through when nothing else is there. */
	while (t->given - t->written == RING || (t->bytes && t->bytes + len > BYTES_MAX))
		pthread_cond_wait(&t->room, &t->lock);
	rc = failure(t, err);
	if (!rc) {
		t->ring[t->given++ % RING] = job;
		t->bytes += len;
		pthread_cond_signal(&t->work);
	}
	pthread_mutex_unlock(&t->lock);
	if (rc)
		forget(&job);
	return rc;
}

int pack_threads_drain(struct rq_pack *pack, struct rq_err *err)
{
	struct pack_threads *t = pack->threads;
	int rc;

	pthread_mutex_lock(&t->lock);
	while (t->written < t->given)
		pthread_cond_wait(&t->room, &t->lock);
	rc = failure(t, err);
	pthread_mutex_unlock(&t->lock);
	return rc;
}

void pack_threads_stop(struct rq_pack *pack)
{
	struct pack_threads *t = TAKE_PTR(pack->threads);

	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	t->stop = true;
	pthread_cond_broadcast(&t->work);
	pthread_mutex_unlock(&t->lock);
	for (int i = 0; i < t->n; i++)
		pthread_join(t->ids[i], NULL);
	for (; t->written < t->given; t->written++)
		forget(&t->ring[t->written % RING]);
	pthread_cond_destroy(&t->room);
	pthread_cond_destroy(&t->work);
	pthread_mutex_destroy(&t->lock);
	free(t->ids);
	free(t);
	git_odb_free(pack->odb);
	pack->odb = pack->repo->odb;
}
