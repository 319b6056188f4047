// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fields that are quoted in front of a message, as those who forward a mail have them, and titles.
 */
#include "import/quoted_internal.h"

#include <stdlib.h>

#include "import/mail_internal.h"
#include "patch/patch.h"

char *rq_quoted_field(struct rq_slice line, const char *name)
{
	size_t n = strlen(name);
	struct rq_slice value;

	if (!rq_slice_starts(line, name))
		return NULL;
	value = rq_slice_trim((struct rq_slice){ line.p + n, line.n - n });
	return rq_xstrndup(value.p, value.n);
}

char *rq_quoted_title(struct rq_slice line)
{
	_cleanup_free_ char *text = NULL;

	line = rq_slice_trim(line);
	if (rq_slice_starts(line, "Subject: "))
		line = (struct rq_slice){ line.p + 9, line.n - 9 };
	text = rq_header_decode(line);
	return rq_reply_title(text);
}

static void take_quoted_field(struct rq_quoted *q, struct rq_slice line)
{
	_cleanup_free_ char *text = rq_header_decode(line);
	struct rq_slice all = rq_slice_of(text);

	if (!q->from && rq_slice_starts(all, "From: ")) {
		q->from = rq_quoted_field(all, "From: ");
	} else if (!q->sent && rq_slice_starts(all, "Date: ")) {
		q->sent = rq_quoted_field(all, "Date: ");
	} else if (rq_slice_starts(all, "Subject: ") || rq_slice_starts(all, "[PATCH")) {
		free(q->subject);
		q->subject = rq_quoted_title(all);
	}
}

bool rq_quoted_is_field(struct rq_slice line)
{
	static const char *const names[] = { "From: ", "Date: ",    "Sent: ",
					     "To: ",   "Cc: ",	    "Subject: ",
					     "CC: ",   "Message-I", "[PATCH" };

	if (rq_slice_starts(line, "From: "))
		return memchr(line.p, '@', line.n) || rq_slice_has(line, "...");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (rq_slice_starts(line, names[i]))
			return true;
	return false;
}

bool rq_quoted_begins(struct rq_slice line)
{
	return (rq_slice_starts(line, "-----") && rq_slice_has(line, "essage")) ||
	       (rq_slice_starts(line, "From ") &&
		rq_slice_ends(line, " Mon Sep 17 00:00:00 2001"));
}

void rq_quoted_end_head(struct rq_quoted *q)
{
	if (q->in_head && !q->in_diff) {
		take_quoted_field(q, rq_str_slice(&q->header));
		q->header.len = 0;
	}
	q->in_head = false;
}

bool rq_quoted_read_head(struct rq_quoted *q, struct rq_slice line)
{
	struct rq_slice text = rq_slice_trim(line);

	if (q->message.len || q->in_diff)
		return false;
	if (q->in_head && line.n && strchr(" \t", line.p[0]) && text.n) {
		rq_str_addf(&q->header, " %.*s", RQ_SLICE_ARG(text));
		return true;
	}
	rq_quoted_end_head(q);
	q->in_head = rq_quoted_is_field(text);
	if (q->in_head)
		rq_str_add_slice(&q->header, text);
	return q->in_head || rq_quoted_begins(text) || !text.n;
}
