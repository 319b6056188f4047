// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files read before a patch asks for them, by several threads: unpacking, checking and splitting
 * them is most of what a long queue costs.  One that cannot be read is left to whoever asks for it.
 */
#include "apply/apply_internal.h"

#include <stdlib.h>

#include "util/crew.h"

struct ahead {
	const struct rq_names *paths;
	const struct rq_reader *readers;
	struct rq_file **files; /* per path; NULL: not read */
};

static void load(size_t i, size_t hand, void *ctx)
{
	struct ahead *a = ctx;
	struct rq_err ignored;

	if (rq_file_load(&a->files[i], &a->readers[hand], a->paths->v.v[i], &ignored))
		a->files[i] = NULL;
}

void rq_image_read_ahead(struct rq_image *image, const struct rq_names *paths,
			 const struct rq_reader *readers, size_t n)
{
	struct ahead ahead = {
		.paths = paths,
		.readers = readers,
		.files = rq_xcalloc(paths->v.n + 1, sizeof(*ahead.files)),
	};

	rq_crew(n ? paths->v.n : 0, (long)n, load, &ahead);
	for (size_t i = 0; i < paths->v.n; i++)
		if (ahead.files[i])
			rq_image_replace(image, ahead.files[i]);
	free(ahead.files);
}
