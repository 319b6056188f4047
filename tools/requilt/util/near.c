// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nearness of names.
 */
#include "util/near.h"

#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t rq_near_distance(struct rq_slice a, struct rq_slice b)
{
	size_t rows[3][RQ_NEAR_LONGEST + 1], n = a.n, m = b.n;

	for (size_t k = 0; k <= m; k++)
		rows[0][k] = k;
	for (size_t i = 1; i <= n; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i - 1) % 3], *second = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t k = 1; k <= m; k++) {
			row[k] = smaller(above[k], row[k - 1]) + 1;
			row[k] = smaller(row[k],
					 above[k - 1] + (a.p[i - 1] != b.p[k - 1]));
			if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] &&
			    a.p[i - 2] == b.p[k - 1])
				row[k] = smaller(row[k], second[k - 2] + 1);
		}
	}
	return rows[n % 3][m];
}

void rq_near_offer(struct rq_near *near, const char *name)
{
	size_t n = strlen(near->word), m = strlen(name), d;

	if (!n || n > RQ_NEAR_LONGEST || m > RQ_NEAR_LONGEST)
		return;
	d = strncmp(name, near->word, n) == 0
		    ? 1
		    : rq_near_distance(rq_slice_of(near->word), rq_slice_of(name));
	if (d > 1 + n / 4 || d >= smaller(n, m) || (near->best && d >= near->distance))
		return;
	near->best = name;
	near->distance = d;
}

char *rq_near_text(const struct rq_near *near, const char *prefix)
{
	if (!near->best)
		return rq_xstrdup("");
	return rq_xasprintf("; did you mean '%s%s'?", prefix, near->best);
}
