// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the compiler and sparse said of each object last.  An object that is not made again
 * still says the same, about the tree of then.
 */
#include "verify/verify_internal.h"

#include <stdlib.h>

static struct rq_known *find(struct rq_known_all *known, const char *object)
{
	for (size_t i = 0; i < known->v.n; i++)
		if (strcmp(known->v.v[i].object, object) == 0)
			return &known->v.v[i];
	return NULL;
}

static struct rq_known *find_or_add(struct rq_known_all *known, const char *object)
{
	struct rq_known *one = find(known, object);

	if (one)
		return one;
	one = rq_vec_push(&known->v);
	one->object = rq_xstrdup(object);
	return one;
}

static void add_copy(struct rq_diags *to, const struct rq_diag *diag)
{
	struct rq_diag copy;

	rq_diag_copy(&copy, diag);
	*rq_vec_push(&to->v) = copy;
}

static int compare_one(struct rq_known_all *known, struct rq_verified_entry *entry,
		       struct rq_repo *repo, const char *object,
		       const struct rq_diags *now, const struct rq_oid *tree,
		       struct rq_err *err)
{
	struct rq_known *then = find(known, object);
	struct rq_side before = { .tree = *tree };
	struct rq_side after = { now->v.v, now->v.n, *tree };
	struct rq_delta delta = { 0 };
	int rc;

	if (then)
		before = (struct rq_side){ then->diags.v.v, then->diags.v.n, then->tree };
	rc = rq_delta_find(&delta, repo, &before, &after, err);
	for (size_t i = 0; i < delta.fresh.n && !rc; i++)
		add_copy(&entry->fresh, delta.fresh.v[i]);
	entry->vanished += delta.vanished;
	rq_delta_release(&delta);
	return rc;
}

static void remember(struct rq_known_all *known, const char *object, struct rq_diags *now,
		     const struct rq_oid *tree)
{
	struct rq_known *one = find_or_add(known, object);

	rq_diags_release(&one->diags);
	one->diags = *now;
	one->tree = *tree;
	*now = (struct rq_diags){ 0 };
}

int rq_known_compare(struct rq_known_all *known, struct rq_verified_entry *entry,
		     struct rq_repo *repo, const struct rq_names *objects,
		     const struct rq_diags *found, const struct rq_oid *tree, bool learn,
		     struct rq_err *err)
{
	struct rq_names all = { 0 };
	int rc = 0;

	for (size_t i = 0; i < objects->v.n; i++)
		rq_names_add(&all, rq_slice_of(objects->v.v[i]));
	for (size_t i = 0; i < found->v.n; i++)
		rq_names_add(&all, rq_slice_of(found->v.v[i].object));
	rq_names_settle(&all);
	for (size_t i = 0; i < all.v.n && !rc; i++) {
		struct rq_diags now = { 0 };

		for (size_t k = 0; k < found->v.n; k++)
			if (strcmp(found->v.v[k].object, all.v.v[i]) == 0)
				add_copy(&now, &found->v.v[k]);
		rc = compare_one(known, entry, repo, all.v.v[i], &now, tree, err);
		if (!rc && learn)
			remember(known, all.v.v[i], &now, tree);
		rq_diags_release(&now);
	}
	rq_names_release(&all);
	return rc;
}

void rq_known_release(struct rq_known_all *known)
{
	for (size_t i = 0; i < known->v.n; i++) {
		free(known->v.v[i].object);
		rq_diags_release(&known->v.v[i].diags);
	}
	rq_vec_release(&known->v);
}
