// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files read before a patch asks for them, by several threads: unpacking, checking and splitting
 * them is most of what a long queue costs.  One that cannot be read is left to whoever asks for it.
 */
#include "apply/apply_internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct ahead {
	const struct rq_names *paths;
	struct rq_file **files; /* per path; NULL: not read */
	atomic_size_t next;
};

struct worker {
	struct ahead *ahead;
	const struct rq_reader *reader;
	pthread_t thread;
};

static void *work(void *ctx)
{
	const struct worker *w = ctx;
	struct ahead *a = w->ahead;
	struct rq_err ignored;
	size_t i;

	while ((i = atomic_fetch_add(&a->next, 1)) < a->paths->v.n)
		if (rq_file_load(&a->files[i], w->reader, a->paths->v.v[i], &ignored))
			a->files[i] = NULL;
	return NULL;
}

void rq_image_read_ahead(struct rq_image *image, const struct rq_names *paths,
			 const struct rq_reader *readers, size_t n)
{
	struct ahead ahead = { .paths = paths,
			       .files =
				       rq_xcalloc(paths->v.n + 1, sizeof(*ahead.files)) };
	struct worker *workers = rq_xcalloc(n + 1, sizeof(*workers));
	size_t started = 0;

	for (size_t i = 0; i < n; i++)
		workers[i] = (struct worker){ .ahead = &ahead, .reader = &readers[i] };
	while (started < n && pthread_create(&workers[started].thread, NULL, work,
					     &workers[started]) == 0)
		started++;
	for (size_t i = 0; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	for (size_t i = 0; i < paths->v.n; i++)
		if (ahead.files[i])
			rq_image_replace(image, ahead.files[i]);
	free(ahead.files);
	free(workers);
}
