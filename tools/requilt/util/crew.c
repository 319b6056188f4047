// SPDX-License-Identifier: GPL-2.0-only
/*
 * A list of jobs, done by several threads: each takes the next one that nobody has begun.  Knows of no
 * failure: what a job says of itself it leaves in a place of its own.
 */
#include "util/crew.h"

#include <pthread.h>
#include <stdatomic.h>

#include "util/mem.h"

/* More wait for the same processors. */
#define MOST_HANDS 64

struct crew {
	size_t n;
	atomic_size_t next;
	void (*work)(size_t i, size_t hand, void *ctx);
	void *ctx;
};

struct hand {
	struct crew *crew;
	size_t number;
	pthread_t thread;
};

static void *run(void *arg)
{
	const struct hand *hand = arg;
	struct crew *crew = hand->crew;
	size_t i;

	while ((i = atomic_fetch_add(&crew->next, 1)) < crew->n)
		crew->work(i, hand->number, crew->ctx);
	return NULL;
}

void rq_crew(size_t n, long hands, void (*work)(size_t i, size_t hand, void *ctx),
	     void *ctx)
{
	struct crew crew = { .n = n, .work = work, .ctx = ctx };
	size_t most = hands < 1 ? 1 : (size_t)hands, started = 1;
	struct hand *all;

	most = most > MOST_HANDS ? MOST_HANDS : most;
	most = most > n ? n : most;
	all = rq_xcalloc(most + 1, sizeof(*all));
	for (size_t i = 0; i <= most; i++)
		all[i] = (struct hand){ .crew = &crew, .number = i };
	while (started < most &&
	       pthread_create(&all[started].thread, NULL, run, &all[started]) == 0)
		started++;
	run(&all[0]);
	while (--started)
		pthread_join(all[started].thread, NULL);
	free(all);
}
