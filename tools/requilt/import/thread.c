// SPDX-License-Identifier: GPL-2.0-only
/*
 * One series out of a heap of mails: which version, in which order, and what reviewers gave.  Looks
 * mails up by tables, and each chain of answers is followed once: mails come from anybody.
 */
#include "import/mail_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/param.h>

#include "patch/patch.h"
#include "util/map.h"
#include "util/path.h"

#define MOST_LISTED 20 /* of the missing: a subject may claim any number */
#define MOST_HOPS 16   /* from a version to those that it changes a part of */

struct thread {
	const struct rq_mails *mails;
	const struct rq_mail *
		*heads; /* numbered, no replies; by version, then as they came */
	const struct rq_mail *
		*patches; /* those of them with a diff, by version and number */
	size_t n_heads, n_patches;
	size_t *taken; /* per mail: which of the patches it became, from 1 */
	/* Where a version begins among the heads: the one that it only changes a part of, or 0. */
	long *changes;
	struct rq_map ids; /* the first mail of each Message-ID */
	const struct rq_parts_wanted *wanted;
	bool sloppy;
};

/* --- the versions of the series --- */

static int by_version(const void *a, const void *b)
{
	const struct rq_mail *x = *(const struct rq_mail *const *)a;
	const struct rq_mail *y = *(const struct rq_mail *const *)b;

	if (x->version != y->version)
		return x->version < y->version ? -1 : 1;
	return x < y ? -1 : x > y;
}

static int by_number(const void *a, const void *b)
{
	const struct rq_mail *x = *(const struct rq_mail *const *)a;
	const struct rq_mail *y = *(const struct rq_mail *const *)b;

	if (x->version == y->version && x->number != y->number)
		return x->number < y->number ? -1 : 1;
	if (x->version == y->version && x->again != y->again)
		return x->again > y->again ? -1 : 1;
	if (x->version == y->version && x->sent != y->sent)
		return x->sent > y->sent ? -1 : 1;
	return by_version(a, b);
}

/* Which mail of an earlier version it answers, if any, itself or through remarks; NULL: none. */
static const struct rq_mail *earlier(const struct thread *t, const struct rq_mail *m)
{
	const struct rq_mail *at = m;

	for (int hops = 0; at && at->parents.v.n && hops < MOST_HOPS; hops++) {
		at = rq_map_get(&t->ids, at->parents.v.v[0]);
		if (at && at->numbered && !at->reply)
			return at->version < m->version && at->total == m->total &&
					       rq_same_sender(at, m)
				       ? at
				       : NULL;
	}
	return NULL;
}

/* Versions without a cover letter, each of whose patches answers one and the same earlier version. */
static void find_changes(struct thread *t)
{
	for (size_t i = 0, end; i < t->n_heads; i = end) {
		const struct rq_mail *first = earlier(t, t->heads[i]);
		long version = first ? first->version : 0;

		for (end = i;
		     end < t->n_heads && t->heads[end]->version == t->heads[i]->version;
		     end++) {
			const struct rq_mail *m = t->heads[end];
			const struct rq_mail *to = rq_is_patch(m) ? earlier(t, m) : NULL;

			if (!to || to->version != version)
				version = 0;
		}
		t->changes[i] = version;
	}
}

static void thread_init(struct thread *t, const struct rq_mails *mails)
{
	size_t n = mails->v.n + 1;

	*t = (struct thread){ .mails = mails };
	t->heads = rq_xcalloc(n, sizeof(*t->heads));
	t->patches = rq_xcalloc(n, sizeof(*t->patches));
	t->taken = rq_xcalloc(n, sizeof(*t->taken));
	t->changes = rq_xcalloc(n, sizeof(*t->changes));
	for (size_t i = 0; i < mails->v.n; i++) {
		const struct rq_mail *m = &mails->v.v[i];

		if (m->id && !rq_map_get(&t->ids, m->id))
			rq_map_put(&t->ids, m->id, m);
		if (!m->numbered || m->reply)
			continue;
		t->heads[t->n_heads++] = m;
		if (rq_is_patch(m))
			t->patches[t->n_patches++] = m;
	}
	qsort(t->heads, t->n_heads, sizeof(*t->heads), by_version);
	qsort(t->patches, t->n_patches, sizeof(*t->patches), by_number);
	find_changes(t);
}

static void thread_release(struct thread *t)
{
	free(t->heads);
	free(t->patches);
	free(t->taken);
	free(t->changes);
	rq_map_release(&t->ids);
}

/* The first mail of the sorted list that is not before @version and @number. */
static size_t lower_bound(const struct rq_mail *const *list, size_t n, long version,
			  long number)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct rq_mail *m = list[mid];

		if (m->version < version || (m->version == version && m->number < number))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Where the heads of @version begin, or would. */
static size_t heads_of(const struct thread *t, long version)
{
	return lower_bound(t->heads, t->n_heads, version, LONG_MIN);
}

/* Patch @number of @version, the one sent again, else the latest by date, else the first that came; NULL: none. */
static const struct rq_mail *find_patch(const struct thread *t, long version, long number)
{
	size_t i = lower_bound(t->patches, t->n_patches, version, number);

	return i < t->n_patches && t->patches[i]->version == version &&
			       t->patches[i]->number == number
		       ? t->patches[i]
		       : NULL;
}

/* The same; where @version changes a part of an earlier one, of that. */
static const struct rq_mail *find_or_earlier(const struct thread *t, long version,
					     long number)
{
	const struct rq_mail *m = NULL;

	for (int hops = 0; version && !m && hops < MOST_HOPS; hops++) {
		size_t at = heads_of(t, version);

		m = find_patch(t, version, number);
		version = at < t->n_heads && t->heads[at]->version == version
				  ? t->changes[at]
				  : 0;
	}
	return m;
}

/* The highest number of the version's patches, @total at least. */
static long highest_of(const struct thread *t, long version, long total)
{
	size_t end = lower_bound(t->patches, t->n_patches, version, LONG_MAX);
	const struct rq_mail *last = end ? t->patches[end - 1] : NULL;

	return last && last->version == version ? MAX(total, last->number) : total;
}

/* How many the version should have; RQ_EFORMAT where its mails tell different numbers. */
static int total_of(long *total, const struct thread *t, long version, struct rq_err *err)
{
	const struct rq_mail *first = NULL;

	*total = 0;
	for (size_t i = heads_of(t, version); i < t->n_heads; i++) {
		const struct rq_mail *m = t->heads[i], *same;

		if (m->version != version)
			break;
		if (first && m->total != first->total)
			return rq_err_set(err, RQ_EFORMAT,
					  "two series are mixed: %s is %ld/%ld, %s is "
					  "%ld/%ld; give one of them",
					  first->where, first->number, first->total,
					  m->where, m->number, m->total);
		same = rq_is_patch(m) ? find_patch(t, version, m->number) : m;
		if (same != m && !rq_same_mail(same, m) &&
		    !(m->again < same->again && rq_same_sender(same, m)) &&
		    !rq_sent_later(same, m))
			return rq_err_set(err, RQ_EFORMAT,
					  "two series are mixed: %s and %s are both "
					  "%ld/%ld; give one of them",
					  same->where, m->where, m->number, m->total);
		if (!first)
			first = m;
	}
	if (first)
		*total = first->total;
	return 0;
}

/* "3/12, 7/12", the first few of those wanted that are not here; empty when none is missing. */
static void list_missing(struct rq_str *out, const struct thread *t, long version,
			 long total)
{
	long missing = 0, last = rq_parts_last(t->wanted, total);

	for (long i = 1; i <= last && missing <= MOST_LISTED; i++) {
		if (!rq_parts_want(t->wanted, i) || find_or_earlier(t, version, i))
			continue;
		if (missing++ < MOST_LISTED)
			rq_str_addf(out, "%s%ld/%ld", out->len ? ", " : "", i, total);
		else
			rq_str_adds(out, " and more");
	}
}

/* The newest version below @limit, of all when that is 0; 0 where there is none. */
static long newest_below(const struct thread *t, long limit)
{
	size_t end = limit ? heads_of(t, limit) : t->n_heads;

	return end ? t->heads[end - 1]->version : 0;
}

/* The first mail of the version at @i of the heads, by its number; *@next is behind the version. */
static const struct rq_mail *first_of(const struct thread *t, size_t i, size_t *next)
{
	const struct rq_mail *first = t->heads[i];

	for (; i < t->n_heads && t->heads[i]->version == first->version; i++)
		if (t->heads[i]->number < first->number)
			first = t->heads[i];
	*next = i;
	return first;
}

/* Anybody may answer with a next version: where not all are of one sender, a person has to say which. */
static int check_senders(const struct thread *t, struct rq_err *err)
{
	const struct rq_mail *one = NULL;

	for (size_t i = 0; i < t->n_heads;) {
		const struct rq_mail *before = one;

		one = first_of(t, i, &i);
		if (before && !rq_same_sender(before, one))
			return rq_other_sender(before, one, err);
	}
	return 0;
}

/* Whether all mails with a number are one patch, maybe sent more than once. */
static bool is_one_patch(const struct thread *t)
{
	const struct rq_mail *const *v = t->patches;

	for (size_t i = 1; i < t->n_patches; i++)
		if (v[i]->version != v[0]->version || v[i]->number != v[0]->number)
			return false;
	return t->n_patches > 0;
}

/* Mails that somebody picked are taken as they are, and what is missing is said. */
static int take_picked(long *chosen, long *total, struct rq_import *out,
		       const struct thread *t, long wanted, const char *missing,
		       struct rq_err *err)
{
	long version = wanted ? wanted : newest_below(t, 0);
	size_t first = lower_bound(t->patches, t->n_patches, version, 0);
	bool some = first < t->n_patches && t->patches[first]->version == version;

	if (!some || (t->mails->heaps && !is_one_patch(t)) || t->wanted)
		return rq_err_set(
			err, RQ_EFORMAT, "no version of the series is complete: of %s%s",
			missing, some ? "; -P takes a part of it, as in -P 1-3,5" : "");
	*chosen = version;
	rq_import_say(out, "a part of the series is taken: of %s", missing);
	return total_of(total, t, version, err);
}

/* The newest complete version, or the one asked for. */
static int choose_version(long *chosen, long *total, struct rq_import *out,
			  const struct thread *t, long wanted, struct rq_err *err)
{
	long version = wanted ? wanted : newest_below(t, 0);
	struct rq_str first = { 0 };
	int rc = wanted ? 0 : check_senders(t, err);

	*chosen = 0;
	while (version && !rc && !*chosen) {
		struct rq_str missing = { 0 };

		rc = total_of(total, t, version, err);
		list_missing(&missing, t, version, *total);
		if (!rc && *total && !missing.len) {
			*chosen = version;
			if (first.len)
				rq_import_say(out, "v%ld is taken: of %s", version,
					      first.s);
		} else if (!rc) {
			rq_str_addf(&first, "%sv%ld %s %s", first.len ? ", of " : "",
				    version, *total ? missing.s : "everything",
				    "is missing");
			version = wanted ? 0 : newest_below(t, version);
		}
		rq_str_release(&missing);
	}
	if (!rc && !*chosen && first.len)
		rc = take_picked(chosen, total, out, t, wanted, first.s, err);
	rq_str_release(&first);
	return rc;
}

/* --- the series --- */

/* How much of the last part of @path names a patch: gzip's suffix does not. */
static size_t bare_name(const char *path)
{
	struct rq_slice base = rq_slice_of(rq_path_base(path));

	return base.n - (rq_slice_ends(base, ".gz") ? 3 : 0);
}

static void take_patch(struct rq_import *out, struct thread *t, const struct rq_mail *m)
{
	struct rq_imported *p = rq_vec_push(&out->patches);

	t->taken[m - t->mails->v.v] = out->patches.n;
	rq_str_add_slice(&p->bytes, rq_str_slice(&m->bytes));
	if (*m->subject)
		p->subject = rq_xstrdup(m->subject);
	else
		p->path = rq_xstrndup(rq_path_base(m->where), bare_name(m->where));
	p->source = m->before < 0 ? rq_xasprintf("%s, decoded", m->where)
				  : rq_xstrdup(m->file);
	p->before = m->before < 0 ? 0 : m->before;
}

/* What changes a part of an earlier version has the cover letter of that. */
static void take_cover(struct rq_import *out, const struct thread *t, long version)
{
	const struct rq_mail *cover = rq_cover_of(t->mails, version);

	for (int hops = 0; version && !cover && hops < MOST_HOPS; hops++) {
		size_t at = heads_of(t, version);

		version = at < t->n_heads && t->heads[at]->version == version
				  ? t->changes[at]
				  : 0;
		cover = version ? rq_cover_of(t->mails, version) : NULL;
	}
	if (!cover)
		return;
	rq_str_addf(&out->description, "%s\n\n", cover->subject);
	rq_str_add_slice(&out->description, rq_str_slice(&cover->body));
}

/* Patches without a number; @left_out has a flag for each mail. */
static int take_singles(struct rq_import *out, struct thread *t, const bool *left_out,
			long version, long total, struct rq_err *err)
{
	for (size_t i = 0; i < t->mails->v.n; i++) {
		const struct rq_mail *m = &t->mails->v.v[i];

		if (!rq_is_patch(m) || m->numbered || left_out[i])
			continue;
		if (version && t->mails->heaps && rq_answers_series(m, &t->ids)) {
			rq_import_say(
				out,
				"%s is '%s', a patch of the thread but not of v%ld: "
				"it is left out",
				m->where, m->subject, version);
			continue;
		}
		if (version)
			return rq_err_set(
				err, RQ_EFORMAT,
				"%s: a patch of no series among v%ld of one with "
				"%ld; import it by itself",
				m->where, version, total);
		take_patch(out, t, m);
	}
	return 0;
}

/* Numbers above the total were sent later; the patches that are here, and no more, may be fewer than it. */
static void list_numbered(struct rq_mail_list *list, const struct thread *t, long version,
			  long total)
{
	long here = MIN(total, (long)t->mails->v.n), last = 0;
	size_t i = lower_bound(t->patches, t->n_patches, version, here + 1);

	for (long n = 1; n <= here; n++) {
		const struct rq_mail *m = find_or_earlier(t, version, n);

		if (m && rq_parts_want(t->wanted, n))
			*rq_vec_push(&list->v) = m;
	}
	for (; i < t->n_patches && t->patches[i]->version == version; i++) {
		const struct rq_mail *m = t->patches[i];

		if (m->number == last || !rq_parts_want(t->wanted, m->number))
			continue;
		last = m->number;
		*rq_vec_push(&list->v) = m;
	}
}

static void take_numbered(struct rq_import *out, struct thread *t,
			  const struct rq_mail_list *list, long version)
{
	for (size_t i = 0; i < list->v.n; i++) {
		const struct rq_mail *m = list->v.v[i];

		take_patch(out, t, m);
		if (m->version != version)
			rq_import_say(out,
				      "%ld/%ld is that of v%ld: v%ld changes "
				      "a part of it",
				      m->number, m->total, m->version, version);
		if (m->number > m->total)
			rq_import_say(out,
				      "%s is %ld/%ld, sent later: it follows the series",
				      m->where, m->number, m->total);
	}
}

/* Numbers of @list that were sent more than once, and of which the latest is in it. */
static void say_sent_later(struct rq_import *out, const struct thread *t,
			   const struct rq_mail_list *list)
{
	struct rq_str later = { 0 };
	long n = 0;

	for (size_t i = 0; i < list->v.n && n <= MOST_LISTED; i++) {
		const struct rq_mail *m = list->v.v[i];
		size_t at = lower_bound(t->patches, t->n_patches, m->version, m->number);

		if (at + 1 >= t->n_patches || t->patches[at] != m ||
		    t->patches[at + 1]->version != m->version ||
		    t->patches[at + 1]->number != m->number ||
		    !rq_sent_later(m, t->patches[at + 1]))
			continue;
		if (++n <= MOST_LISTED)
			rq_str_addf(&later, "%s%ld/%ld (%s)", later.len ? ", " : "",
				    m->number, m->total, m->where);
	}
	if (n)
		rq_import_say(
			out,
			"sent more than once as one version, of which the latest by "
			"date is taken: %s%s",
			later.s, n > MOST_LISTED ? " and more" : "");
	rq_str_release(&later);
}

/* What was not asked for, the first few. */
static void say_rest(struct rq_import *out, const struct thread *t, long version,
		     long total)
{
	struct rq_str rest = { 0 };
	long left = 0;

	for (long i = 1; t->wanted && i <= total && left <= MOST_LISTED; i++)
		if (!rq_parts_want(t->wanted, i) && ++left <= MOST_LISTED)
			rq_str_addf(&rest, "%s%ld/%ld", rest.len ? ", " : "", i, total);
	if (rest.len)
		rq_import_say(out, "of v%ld %s%s left out", version, rest.s,
			      left > MOST_LISTED ? " and more are"
			      : left > 1	 ? " are"
						 : " is");
	rq_str_release(&rest);
}

static int take_version(struct rq_import *out, struct thread *t, long wanted,
			long version, long total, struct rq_err *err)
{
	const struct rq_mail *cover = rq_cover_of(t->mails, version);
	struct rq_mail_list list = { 0 };
	int rc;

	list_numbered(&list, t, version, total);
	rc = rq_senders_check(&list, out, cover, wanted != 0, err);
	if (!rc) {
		take_numbered(out, t, &list, version);
		say_sent_later(out, t, &list);
		say_rest(out, t, version, total);
		take_cover(out, t, version);
	}
	if (!rc && !wanted)
		rq_senders_say_unrelated(out, t->heads, t->n_heads, version);
	rq_vec_release(&list.v);
	return rc;
}

static int take_series(struct rq_import *out, struct thread *t, long wanted,
		       struct rq_err *err)
{
	const struct rq_mails *mails = t->mails;
	_cleanup_free_ bool *left_out = rq_xcalloc(mails->v.n + 1, sizeof(*left_out));
	long version = 0, total = 0;
	int rc = t->n_heads ? choose_version(&version, &total, out, t, wanted, err)
			    : rq_singles_choose(left_out, out, mails, wanted, err);

	if (!rc && t->wanted && !version)
		rc = rq_err_set(err, RQ_EFORMAT,
				"-P: no patch of these mails has a number");
	if (!rc)
		rc = take_singles(out, t, left_out, version, total, err);
	if (!rc && version)
		rc = rq_parts_check(t->wanted, highest_of(t, version, total), err);
	if (!rc && version)
		rc = take_version(out, t, wanted, version, total, err);
	if (rc)
		return rc;
	rq_credits_collect(out, mails, &t->ids, t->taken, version, t->sloppy);
	return 0;
}

int rq_import_mails(struct rq_import *out, char *const *paths, size_t n,
		    const struct rq_mail_options *options, struct rq_err *err)
{
	_cleanup_(rq_parts_release) struct rq_parts_wanted wanted = { 0 };
	struct rq_mails mails = { .quoted_cr = options->quoted_cr };
	struct thread thread;
	int rc = options->parts ? rq_parts_parse(&wanted, options->parts, err) : 0;

	for (size_t i = 0; i < n && !rc; i++)
		rc = rq_mails_read(&mails, paths[i], err);
	if (!rc)
		rc = rq_own_patches(&mails, options->no_scissors, err);
	thread_init(&thread, &mails);
	thread.sloppy = options->sloppy;
	thread.wanted = options->parts ? &wanted : NULL;
	for (size_t i = 0; i < mails.said.v.n; i++)
		rq_names_add(&out->said, rq_slice_of(mails.said.v.v[i]));
	if (!rc)
		rc = take_series(out, &thread, options->version, err);
	if (!rc && !out->patches.n)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: holds no patch",
				rq_source_name(paths[0]));
	thread_release(&thread);
	rq_mails_release(&mails);
	return rc;
}
