// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patches among other words: after a scissors line of a mail, and in a reply.
 */
#include "import/mail_internal.h"

#include <stdlib.h>

#include "patch/patch.h"

#define MOST_NAMED 5 /* replies with a patch */

/* The end of the head and of the empty line behind it. */
static size_t head_end(struct rq_slice text)
{
	struct rq_slice rest = text, line;

	while (rq_slice_next_line(&rest, &line))
		if (!rq_slice_chomp(line).n)
			break;
	return text.n - rest.n;
}

/* A quoted one cuts nothing. */
static bool cuts(struct rq_slice line)
{
	bool quoted = line.n > 1 && line.p[0] == '>' && !strchr("8%", line.p[1]);

	return !quoted && rq_is_scissors(line);
}

/* The last scissors line of the message from @start on, and its end; false: there is none. */
static bool find_scissors(struct rq_slice *found, size_t *end, struct rq_slice text,
			  size_t start)
{
	struct rq_slice rest = { text.p + start, text.n - start }, line;

	*end = 0;
	while (rq_slice_next_line(&rest, &line)) {
		if (cuts(line)) {
			*found = rq_slice_trim(line);
			*end = text.n - rest.n;
		} else if (rq_ends_message(line)) {
			break;
		}
	}
	return *end != 0;
}

static void cut_from(struct rq_str *text, size_t start, size_t end)
{
	memmove(text->s + start, text->s + end, text->len - end + 1);
	text->len -= end - start;
}

static long count_lines(struct rq_slice text)
{
	struct rq_slice line;
	long n = 0;

	while (rq_slice_next_line(&text, &line))
		n++;
	return n;
}

/* The file of a patch has the name of its own title. */
static void read_title(struct rq_mail *m)
{
	struct rq_slice rest = rq_str_slice(&m->body), line;
	bool in_fields = false;

	while (rq_slice_next_line(&rest, &line)) {
		_cleanup_free_ char *title = NULL;
		struct rq_mail inner = { 0 };

		if (!in_fields && !rq_slice_trim(line).n)
			continue;
		in_fields = true;
		if (!rq_field_length(line))
			return;
		if (!rq_slice_starts(line, "Subject:"))
			continue;
		title = rq_header_decode((struct rq_slice){ line.p + 8, line.n - 8 });
		rq_mail_subject(&inner, title);
		free(m->subject);
		free(m->spelled);
		m->subject = inner.subject;
		m->spelled = inner.spelled;
		return;
	}
}

static void cut_scissors(struct rq_mails *mails, struct rq_mail *m)
{
	size_t start = head_end(rq_str_slice(&m->bytes)), end;
	_cleanup_free_ char *said = NULL;
	struct rq_slice line;

	/* A diff without a head has words of its own. */
	if (!m->address || !find_scissors(&line, &end, rq_str_slice(&m->bytes), start))
		return;
	said = rq_xasprintf("%s: what is in front of '%.*s' is left out", m->where,
			    RQ_SLICE_ARG(line));
	rq_names_add(&mails->said, rq_slice_of(said));
	if (m->before >= 0)
		m->before +=
			count_lines((struct rq_slice){ m->bytes.s + start, end - start });
	cut_from(&m->bytes, start, end);
	if (find_scissors(&line, &end, rq_str_slice(&m->body), 0))
		cut_from(&m->body, 0, end);
	read_title(m);
}

/* A reply with a diff of its own, and how many there are. */
static struct rq_mail *find_reply(struct rq_mails *mails, size_t *n, struct rq_str *names)
{
	struct rq_mail *found = NULL;

	for (size_t i = 0; i < mails->v.n; i++) {
		struct rq_mail *m = &mails->v.v[i];

		if (!m->has_diff || !m->reply || (found && rq_same_mail(found, m)))
			continue;
		if ((*n)++ < MOST_NAMED)
			rq_str_addf(names, "%s%s", names->len ? ", " : "", m->where);
		found = m;
	}
	return found;
}

/* Takes the reply that has the only patch. */
static int take_reply(struct rq_mails *mails, struct rq_err *err)
{
	_cleanup_(rq_str_release) struct rq_str names = { 0 };
	size_t n = 0;
	struct rq_mail *m = find_reply(mails, &n, &names);

	if (n > 1)
		return rq_err_set(
			err, RQ_EFORMAT,
			"no mail but %zu replies have a patch of their own: %s%s; "
			"give one of them",
			n, names.s, n > MOST_NAMED ? " and more" : "");
	if (!m)
		return 0;
	m->reply = m->numbered = false;
	m->version = m->number = m->total = 1;
	read_title(m);
	return 0;
}

int rq_own_patches(struct rq_mails *mails, bool keep, struct rq_err *err)
{
	bool others = false;
	int rc = 0;

	for (size_t i = 0; i < mails->v.n; i++)
		others |= rq_is_patch(&mails->v.v[i]) || rq_is_cover(&mails->v.v[i]);
	if (!others)
		rc = take_reply(mails, err);
	for (size_t i = 0; i < mails->v.n && !rc && !keep; i++)
		if (rq_is_patch(&mails->v.v[i]))
			cut_scissors(mails, &mails->v.v[i]);
	return rc;
}
