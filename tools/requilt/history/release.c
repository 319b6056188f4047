// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first release that has a commit.  A release has all that an earlier one has, so few are asked.
 */
#include <stdlib.h>

#include "history/history.h"

struct release {
	struct rq_version version;
	struct rq_oid commit;
};

struct releases {
	rq_vec(struct release) v;
};

/* vX.Y, or v2.6.Y: no candidate, and no stable release. */
static bool is_release(const struct rq_version *version)
{
	bool old = version->part[0] == 2 && version->part[1] == 6;

	return !version->rc && version->n == (old ? 3 : 2);
}

static int add_tag(const char *name, const struct rq_oid *commit, void *ctx)
{
	struct releases *releases = ctx;
	struct rq_version version;
	struct rq_err ignored;

	if (name[0] != 'v' ||
	    rq_version_parse(&version, rq_slice_of(name), &ignored) != 0 ||
	    !is_release(&version))
		return 0;
	*rq_vec_push(&releases->v) = (struct release){ version, *commit };
	return 0;
}

static int compare_versions(const void *a, const void *b)
{
	const struct release *x = a, *y = b;

	for (int i = 0; i < 4; i++)
		if (x->version.part[i] != y->version.part[i])
			return x->version.part[i] < y->version.part[i] ? -1 : 1;
	return 0;
}

static int has_commit(bool *has, struct rq_repo *repo, const struct rq_oid *commit,
		      const struct release *release, struct rq_err *err)
{
	struct rq_oid_list outside = { 0 };
	int rc = rq_reach_outside(&outside, repo, NULL, commit, &release->commit, 1, err);

	*has = !outside.n;
	free(outside.v);
	return rc;
}

int rq_history_release_of(char **out, struct rq_repo *repo, const struct rq_oid *commit,
			  struct rq_err *err)
{
	struct releases releases = { 0 };
	size_t low = 0, high;
	int rc = rq_tag_each(repo, add_tag, &releases, err);

	*out = NULL;
	high = releases.v.n;
	if (high)
		qsort(releases.v.v, high, sizeof(*releases.v.v), compare_versions);
	while (!rc && low < high) {
		size_t middle = low + (high - low) / 2;
		bool has;

		rc = has_commit(&has, repo, commit, &releases.v.v[middle], err);
		if (has)
			high = middle;
		else
			low = middle + 1;
	}
	if (!rc && low < releases.v.n) {
		const struct rq_version *v = &releases.v.v[low].version;

		*out = v->n == 3 ? rq_xasprintf("%ld.%ld.%ld", v->part[0], v->part[1],
						v->part[2])
				 : rq_xasprintf("%ld.%ld", v->part[0], v->part[1]);
	}
	rq_vec_release(&releases.v);
	return rc;
}
