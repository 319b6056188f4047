// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patches that are a series of one and say no number, "[PATCH v2] mm: x": those of one title are
 * versions of one patch.  Anybody may send a next version, so it takes the place of an earlier one by
 * itself only where both are of one sender.
 */
#include "import/mail_internal.h"

#include <stdlib.h>

#include "util/map.h"

struct singles {
	const struct rq_mail *
		*v; /* by title, version, what was sent again, brackets, date */
	size_t n;
};

static int by_title(const void *a, const void *b)
{
	const struct rq_mail *x = *(const struct rq_mail *const *)a;
	const struct rq_mail *y = *(const struct rq_mail *const *)b;
	int order = strcmp(x->subject, y->subject);

	if (order)
		return order;
	if (x->version != y->version)
		return x->version < y->version ? -1 : 1;
	if (x->again != y->again)
		return x->again > y->again ? -1 : 1;
	order = strcmp(x->spelled, y->spelled);
	if (order)
		return order;
	if (x->sent != y->sent)
		return x->sent > y->sent ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void find_singles(struct singles *out, const struct rq_mails *mails)
{
	out->v = rq_xcalloc(mails->v.n + 1, sizeof(*out->v));
	for (size_t i = 0; i < mails->v.n; i++) {
		const struct rq_mail *m = &mails->v.v[i];

		if (m->has_diff && !m->reply && !m->numbered && *m->subject)
			out->v[out->n++] = m;
	}
	qsort(out->v, out->n, sizeof(*out->v), by_title);
}

bool rq_same_sender(const struct rq_mail *a, const struct rq_mail *b)
{
	if (!a->address || !b->address)
		return a->address == b->address;
	return strcmp(a->address, b->address) == 0;
}

int rq_other_sender(const struct rq_mail *a, const struct rq_mail *b, struct rq_err *err)
{
	return rq_err_set(err, RQ_EFORMAT,
			  "v%ld is from %s (%s), v%ld from %s (%s): say with --version "
			  "which is meant",
			  a->version, a->address ? a->address : "nobody", a->where,
			  b->version, b->address ? b->address : "nobody", b->where);
}

static int check_senders(const struct rq_mail *const *v, size_t n, struct rq_err *err)
{
	for (size_t i = 1; i < n; i++)
		if (!rq_same_sender(v[i - 1], v[i]))
			return rq_other_sender(v[i - 1], v[i], err);
	return 0;
}

/* Marks what is not the version; there must be one such mail, which may have copies. */
static int leave_out(bool *left_out, const struct rq_mail *first,
		     const struct rq_mail *const *v, size_t n, long version,
		     struct rq_err *err)
{
	const struct rq_mail *taken = NULL;

	for (size_t i = 0; i < n; i++) {
		if (v[i]->version == version && taken && !rq_same_mail(taken, v[i]) &&
		    !(v[i]->again < taken->again && rq_same_sender(v[i], taken)) &&
		    !rq_sent_later(taken, v[i]))
			return rq_err_set(
				err, RQ_EFORMAT,
				"%s and %s are both v%ld of one patch; give one "
				"of them",
				taken->where, v[i]->where, version);
		if (v[i]->version != version || taken)
			left_out[v[i] - first] = true;
		else
			taken = v[i];
	}
	return taken ? 0
		     : rq_err_set(err, RQ_EFORMAT,
				  "%s: is v%ld, and there is no v%ld of it",
				  v[n - 1]->where, v[n - 1]->version, version);
}

/* One mail may have come to several lists. */
static void leave_out_copies(bool *left_out, const struct rq_mail *first,
			     const struct rq_mail *const *v, size_t n)
{
	struct rq_map ids = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (!v[i]->id)
			continue;
		left_out[v[i] - first] = rq_map_get(&ids, v[i]->id) != NULL;
		rq_map_put(&ids, v[i]->id, v[i]);
	}
	rq_map_release(&ids);
}

/* A patch that was sent before, without a version, goes where it cannot be applied beside the latest. */
static void leave_out_earlier(bool *left_out, struct rq_import *out,
			      const struct rq_mail *first, const struct rq_mail *const *v,
			      size_t n)
{
	for (size_t i = 0, end; i < n; i = end) {
		struct rq_old_sides latest;
		bool some = false;

		for (end = i + 1; end < n && !strcmp(v[i]->spelled, v[end]->spelled);)
			end++;
		rq_old_sides_of(&latest, v[i]);
		for (size_t k = i + 1; k < end; k++) {
			if (left_out[v[k] - first] || !rq_sent_later(v[i], v[k]) ||
			    !rq_old_sides_clash(&latest, v[k]))
				continue;
			left_out[v[k] - first] = true;
			some = true;
		}
		rq_old_sides_release(&latest);
		if (some)
			rq_import_say(out,
				      "%s: was sent more than once as one version, the "
				      "latest by date is taken (%s)",
				      v[i]->subject, v[i]->where);
	}
}

/* @v are the mails of one title. */
static int choose(bool *left_out, struct rq_import *out, const struct rq_mail *first,
		  const struct rq_mail *const *v, size_t n, long wanted,
		  struct rq_err *err)
{
	const struct rq_mail *newest = v[n - 1];
	bool one_version = v[0]->version == newest->version;
	int rc;

	if (wanted)
		return leave_out(left_out, first, v, n, wanted, err);
	if (one_version && v[0]->again == newest->again) {
		leave_out_copies(left_out, first, v, n);
		leave_out_earlier(left_out, out, first, v, n);
		return 0;
	}
	rc = one_version ? 0 : check_senders(v, n, err);
	if (!rc)
		rc = leave_out(left_out, first, v, n, newest->version, err);
	if (rc)
		return rc;
	if (one_version)
		rq_import_say(out, "%s: was sent again, %s is taken", newest->subject,
			      v[0]->where);
	else
		rq_import_say(out, "%s: v%ld is taken, and no earlier one",
			      newest->subject, newest->version);
	return 0;
}

int rq_singles_choose(bool *left_out, struct rq_import *out, const struct rq_mails *mails,
		      long wanted, struct rq_err *err)
{
	struct singles all = { 0 };
	int rc = 0;

	find_singles(&all, mails);
	for (size_t i = 0, end; i < all.n && !rc; i = end) {
		for (end = i + 1;
		     end < all.n && strcmp(all.v[i]->subject, all.v[end]->subject) == 0;
		     end++)
			continue;
		rc = choose(left_out, out, mails->v.v, all.v + i, end - i, wanted, err);
	}
	free(all.v);
	return rc;
}
