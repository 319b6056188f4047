// SPDX-License-Identifier: GPL-2.0-only
/*
 * One series out of a heap of mails: which version, in which order, and what reviewers gave.
 */
#include "import/mail_internal.h"

#include <stdlib.h>

#include "patch/patch.h"
#include "util/path.h"

#define MOST_LISTED 20 /* of the missing: a subject may claim any number */

static void say(struct rq_import *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct rq_import *out, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = rq_xvasprintf(fmt, ap);
	va_end(ap);
	rq_names_add(&out->said, rq_slice_of(text));
}

/* --- the versions of the series --- */

static bool is_patch(const struct rq_mail *m)
{
	return m->has_diff && !m->reply;
}

static bool is_cover(const struct rq_mail *m)
{
	return m->numbered && m->number == 0 && !m->reply;
}

/* Patch @number of @version; NULL when there is none. */
static const struct rq_mail *find_patch(const struct rq_mails *mails, long version,
					long number)
{
	for (size_t i = 0; i < mails->v.n; i++) {
		const struct rq_mail *m = &mails->v.v[i];

		if (is_patch(m) && m->numbered && m->version == version &&
		    m->number == number)
			return m;
	}
	return NULL;
}

/* How many the version should have; RQ_EFORMAT where its mails tell different numbers. */
static int total_of(long *total, const struct rq_mails *mails, long version,
		    struct rq_err *err)
{
	const struct rq_mail *first = NULL;

	*total = 0;
	for (size_t i = 0; i < mails->v.n; i++) {
		const struct rq_mail *m = &mails->v.v[i], *same;

		if (!m->numbered || m->reply || m->version != version)
			continue;
		if (first && m->total != first->total)
			return rq_err_set(err, RQ_EFORMAT,
					  "two series are mixed: %s is %ld/%ld, %s is "
					  "%ld/%ld; give one of them",
					  first->where, first->number, first->total,
					  m->where, m->number, m->total);
		same = is_patch(m) ? find_patch(mails, version, m->number) : m;
		if (same != m && !(same->id && m->id && strcmp(same->id, m->id) == 0))
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

/* "3/12, 7/12", the first few; empty when none is missing. */
static void list_missing(struct rq_str *out, const struct rq_mails *mails, long version,
			 long total)
{
	long missing = 0;

	for (long i = 1; i <= total && missing <= MOST_LISTED; i++) {
		if (find_patch(mails, version, i))
			continue;
		if (missing++ < MOST_LISTED)
			rq_str_addf(out, "%s%ld/%ld", out->len ? ", " : "", i, total);
		else
			rq_str_adds(out, " and more");
	}
}

static long newest_below(const struct rq_mails *mails, long limit)
{
	long newest = 0;

	for (size_t i = 0; i < mails->v.n; i++) {
		const struct rq_mail *m = &mails->v.v[i];

		if (m->numbered && !m->reply && m->version > newest &&
		    (!limit || m->version < limit))
			newest = m->version;
	}
	return newest;
}

/* The newest complete version, or the one asked for; 0 where no mail is numbered. */
static int choose_version(long *chosen, long *total, struct rq_import *out,
			  const struct rq_mails *mails, long wanted, struct rq_err *err)
{
	long version = wanted ? wanted : newest_below(mails, 0);
	struct rq_str first = { 0 };
	int rc = 0;

	*chosen = 0;
	while (version && !rc && !*chosen) {
		struct rq_str missing = { 0 };

		rc = total_of(total, mails, version, err);
		list_missing(&missing, mails, version, *total);
		if (!rc && *total && !missing.len) {
			*chosen = version;
			if (first.len)
				say(out, "v%ld is taken: of %s", version, first.s);
		} else if (!rc) {
			rq_str_addf(&first, "%sv%ld %s %s", first.len ? ", of " : "",
				    version, *total ? missing.s : "everything",
				    "is missing");
			version = wanted ? 0 : newest_below(mails, version);
		}
		rq_str_release(&missing);
	}
	if (!rc && !*chosen && first.len)
		rc = rq_err_set(err, RQ_EFORMAT,
				"no version of the series is complete: of %s", first.s);
	rq_str_release(&first);
	return rc;
}

/* --- what replies gave --- */

static const struct rq_mail *by_id(const struct rq_mails *mails, const char *id)
{
	for (size_t i = 0; id && i < mails->v.n; i++)
		if (mails->v.v[i].id && strcmp(mails->v.v[i].id, id) == 0)
			return &mails->v.v[i];
	return NULL;
}

/* The patch or cover letter that @reply answers, however deep in the thread. */
static const struct rq_mail *answered(const struct rq_mails *mails,
				      const struct rq_mail *reply)
{
	const struct rq_mail *m = by_id(mails, reply->parent);

	for (size_t hops = 0; m && hops < mails->v.n; hops++) {
		if (is_patch(m) || is_cover(m))
			return m;
		m = by_id(mails, m->parent);
	}
	return NULL;
}

static bool is_credit(struct rq_slice line)
{
	static const char *const names[] = { "Reviewed-by: ", "Acked-by: ",
					     "Tested-by: " };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (line.n > strlen(names[i]) &&
		    strncasecmp(line.p, names[i], strlen(names[i])) == 0)
			return memchr(line.p, '@', line.n) != NULL;
	return false;
}

/* After prose a block of its own begins. */
static bool ends_with_trailer(struct rq_slice text, size_t end)
{
	size_t start = end > 0 ? end - 1 : 0;
	struct rq_slice line;

	while (start > 0 && text.p[start - 1] != '\n')
		start--;
	line = rq_slice_trim((struct rq_slice){ text.p + start, end - start });
	return !line.n || rq_is_trailer(line);
}

static void add_trailer(struct rq_str *bytes, struct rq_slice line)
{
	struct rq_slice text = rq_str_slice(bytes), rest = text, have;
	size_t end = rq_message_end(text);
	struct rq_str out = { 0 };

	while (rq_slice_next_line(&rest, &have))
		if (rq_slice_eq(rq_slice_trim(have), line))
			return;
	rq_str_add(&out, text.p, end);
	rq_str_addf(&out, "%s%.*s\n", ends_with_trailer(text, end) ? "" : "\n",
		    RQ_SLICE_ARG(line));
	rq_str_add(&out, text.p + end, text.n - end);
	rq_str_release(bytes);
	*bytes = out;
}

/* Somebody else's credit is not the sender's to give. */
static bool is_senders(const struct rq_mail *reply, struct rq_slice line)
{
	const char *open = memchr(line.p, '<', line.n), *end = line.p + line.n;
	const char *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
	struct rq_slice address = { 0 };

	if (close)
		address = (struct rq_slice){ open + 1, (size_t)(close - open - 1) };
	while (!close && line.n) /* the last word */
		address = rq_slice_next_word(&line);
	return reply->address && address.n == strlen(reply->address) &&
	       strncasecmp(address.p, reply->address, address.n) == 0;
}

static void take_credits(struct rq_import *out, const struct rq_mail *reply,
			 const struct rq_mail *to, struct rq_imported *patch)
{
	struct rq_slice rest = rq_str_slice(&reply->body), line;

	while (rq_slice_next_line(&rest, &line)) {
		if (rq_slice_eq(rq_slice_chomp(line), RQ_SLICE("-- ")))
			break;
		line = rq_slice_trim(line);
		if (!is_credit(line))
			continue;
		if (is_senders(reply, line))
			add_trailer(&patch->bytes, line);
		else if (!is_cover(to) || patch == out->patches.v)
			say(out, "%s: '%.*s' is not of the sender, %s; left out",
			    reply->where, RQ_SLICE_ARG(line),
			    reply->address ? reply->address : "unknown");
	}
}

static void collect(struct rq_import *out, const struct rq_mails *mails, long version,
		    const struct rq_mail *const *sources)
{
	for (size_t i = 0; i < mails->v.n; i++) {
		const struct rq_mail *reply = &mails->v.v[i], *to;

		if (!reply->reply)
			continue;
		to = answered(mails, reply);
		for (size_t k = 0; to && k < out->patches.n; k++)
			if (sources[k] == to || (is_cover(to) && to->version == version))
				take_credits(out, reply, to, &out->patches.v[k]);
	}
}

/* --- the series --- */

static void take_patch(struct rq_import *out, const struct rq_mail *m)
{
	struct rq_imported *p = rq_vec_push(&out->patches);

	rq_str_add_slice(&p->bytes, rq_str_slice(&m->bytes));
	if (*m->subject)
		p->subject = rq_xstrdup(m->subject);
	else
		p->path = rq_xstrdup(rq_path_base(m->where));
}

static void take_cover(struct rq_import *out, const struct rq_mails *mails, long version)
{
	for (size_t i = 0; i < mails->v.n; i++) {
		const struct rq_mail *m = &mails->v.v[i];

		if (!is_cover(m) || m->version != version || out->description.len)
			continue;
		rq_str_addf(&out->description, "%s\n\n", m->subject);
		rq_str_add_slice(&out->description, rq_str_slice(&m->body));
	}
}

static int take_series(struct rq_import *out, const struct rq_mails *mails,
		       const struct rq_mail **sources, long wanted, struct rq_err *err)
{
	long version, total = 0;
	int rc = choose_version(&version, &total, out, mails, wanted, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < mails->v.n; i++) {
		const struct rq_mail *m = &mails->v.v[i];

		if (!is_patch(m) || m->numbered)
			continue;
		if (version)
			return rq_err_set(
				err, RQ_EFORMAT,
				"%s: a patch of no series among v%ld of one with "
				"%ld; import it by itself",
				m->where, version, total);
		sources[out->patches.n] = m;
		take_patch(out, m);
	}
	for (long i = 1; version && i <= total; i++) {
		sources[out->patches.n] = find_patch(mails, version, i);
		take_patch(out, sources[out->patches.n]);
	}
	if (version)
		take_cover(out, mails, version);
	collect(out, mails, version, sources);
	return 0;
}

int rq_import_mails(struct rq_import *out, char *const *paths, size_t n,
		    const struct rq_mail_options *options, struct rq_err *err)
{
	const struct rq_mail **sources;
	struct rq_mails mails = { 0 };
	int rc = 0;

	for (size_t i = 0; i < n && !rc; i++)
		rc = rq_mails_read(&mails, paths[i], err);
	sources = rq_xcalloc(mails.v.n + 1, sizeof(*sources));
	if (!rc)
		rc = take_series(out, &mails, sources, options->version, err);
	if (!rc && !out->patches.n)
		rc = rq_err_set(err, RQ_EFORMAT, "%s: holds no patch", paths[0]);
	free(sources);
	rq_mails_release(&mails);
	return rc;
}
