// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who sent the mails of a series.  Anybody may answer with a patch that has a number of it: what another
 * sender gave is refused, reported or left out, and never taken without a word.
 */
#include "import/mail_internal.h"

#include "util/map.h"

static const char *sender_of(const struct rq_mail *m)
{
	return m->address ? m->address : "nobody";
}

/* A number above the total is an addition. */
static bool is_added(const struct rq_mail *m)
{
	return m->number > m->total;
}

/* Takes additions of others than the sender of @first out of the list. */
static void drop_additions(struct rq_mail_list *list, struct rq_import *out,
			   const struct rq_mail *first)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->v.n; i++) {
		const struct rq_mail *m = list->v.v[i];

		if (is_added(m) && !rq_same_sender(first, m))
			rq_import_say(out,
				      "%s is %ld/%ld from %s, the series is from %s: it "
				      "is left out",
				      m->where, m->number, m->total, sender_of(m),
				      sender_of(first));
		else
			list->v.v[kept++] = m;
	}
	list->v.n = kept;
}

int rq_senders_check(struct rq_mail_list *list, struct rq_import *out,
		     const struct rq_mail *cover, bool named, struct rq_err *err)
{
	const struct rq_mail *first = cover ? cover : list->v.n ? list->v.v[0] : NULL;
	bool sent = cover && cover->posted;

	drop_additions(list, out, first);
	for (size_t i = 0; i < list->v.n; i++)
		sent |= list->v.v[i]->posted;
	for (size_t i = 0; i < list->v.n && sent; i++) {
		const struct rq_mail *m = list->v.v[i];

		if (rq_same_sender(first, m))
			continue;
		if (!named)
			return rq_err_set(
				err, RQ_EFORMAT,
				"v%ld %ld/%ld is from %s (%s), %ld/%ld from %s (%s): say "
				"with --version %ld that all of it is meant",
				m->version, m->number, m->total, sender_of(m), m->where,
				first->number, first->total, sender_of(first),
				first->where, m->version);
		rq_import_say(out,
			      "v%ld %ld/%ld is from %s, %ld/%ld from %s: both are taken",
			      m->version, m->number, m->total, sender_of(m),
			      first->number, first->total, sender_of(first));
	}
	return 0;
}

/* Titles of a version, its ids, and those of what it answers. */
static void note_version(struct rq_map *known, const struct rq_mail *const *heads,
			 size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct rq_mail *m = heads[i];

		if (*m->subject)
			rq_map_put(known, m->subject, m);
		for (size_t k = 0; k < m->parents.v.n; k++)
			rq_map_put(known, m->parents.v.v[k], m);
	}
}

static bool knows_version(const struct rq_map *known, const struct rq_mail *const *heads,
			  size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct rq_mail *m = heads[i];

		if (rq_map_get(known, m->subject) || (m->id && rq_map_get(known, m->id)))
			return true;
		for (size_t k = 0; k < m->parents.v.n; k++)
			if (rq_map_get(known, m->parents.v.v[k]))
				return true;
	}
	return false;
}

void rq_senders_say_unrelated(struct rq_import *out, const struct rq_mail *const *heads,
			      size_t n, long version)
{
	struct rq_map known = { 0 };
	size_t start;

	for (; n; n = start) {
		long here = heads[n - 1]->version;

		for (start = n; start && heads[start - 1]->version == here;)
			start--;
		if (here > version)
			continue;
		if (here == version || knows_version(&known, heads + start, n - start))
			note_version(&known, heads + start, n - start);
		else
			rq_import_say(out,
				      "%s is '%s', v%ld %ld/%ld of another series, as "
				      "v%ld has no title of it: it is left out",
				      heads[start]->where, heads[start]->subject, here,
				      heads[start]->number, heads[start]->total, version);
	}
	rq_map_release(&known);
}
