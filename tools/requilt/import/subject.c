// SPDX-License-Identifier: GPL-2.0-only
/*
 * The subject of a mail: what stands in brackets says which version and which of how many, the rest
 * is the title.
 */
#include "import/mail_internal.h"

#include <stdio.h>

#include "patch/patch.h"

/* Cuts "Re: " and the like off; true when there was one. */
static bool cut_reply(struct rq_slice *s)
{
	static const char *const forms[] = { "Re:", "RE:", "re:", "Aw:",
					     "AW:", "SV:", "Sv:", "Antw:" };
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		while (rq_slice_starts(*s, forms[i])) {
			*s = rq_slice_trim((struct rq_slice){ s->p + strlen(forms[i]),
							      s->n - strlen(forms[i]) });
			found = true;
			i = 0;
		}
	return found;
}

/*
 * "v3", "03/12", "#3/12", "PATCHv3", "RESEND"; "v2.1" comes after v2.  "v5.10" is a kernel: nobody sends a
 * fourth version in pieces.
 */
static void read_word(struct rq_mail *m, struct rq_slice word)
{
	size_t skip = rq_slice_starts(word, "PATCH") ? strlen("PATCH")
		      : rq_slice_starts(word, "#")   ? 1
						     : 0;
	_cleanup_free_ char *text = rq_xstrndup(word.p + skip, word.n - skip);
	long number, total, version, minor;
	char end;

	if (sscanf(text, "%ld/%ld%c", &number, &total, &end) == 2 && number >= 0 &&
	    total > 0) {
		m->numbered = true;
		m->number = number;
		m->total = total;
	} else if (sscanf(text, "%*1[vV]%ld%c", &version, &end) == 1 && version > 0) {
		m->version = version;
	} else if (sscanf(text, "%*1[vV]%ld.%ld%c", &version, &minor, &end) == 2 &&
		   version > 0 && version < 4 && minor > 0 && minor < 100) {
		m->version = version;
		m->again += 2 * minor;
	} else if (strcmp(text, "RESEND") == 0 || strcmp(text, "REPOST") == 0) {
		m->again |= 1;
	}
}

/* Words are apart by blanks or commas, as patchwork has them. */
static struct rq_slice next_word(struct rq_slice *rest)
{
	struct rq_slice word;

	while (rest->n && strchr(" \t,", rest->p[0]))
		*rest = (struct rq_slice){ rest->p + 1, rest->n - 1 };
	word = (struct rq_slice){ rest->p, 0 };
	while (word.n < rest->n && !strchr(" \t,", rest->p[word.n]))
		word.n++;
	*rest = (struct rq_slice){ rest->p + word.n, rest->n - word.n };
	return word;
}

/* "PATCH RFC v2 3/12", "PATCH 3 of 12" */
static void read_brackets(struct rq_mail *m, struct rq_slice inside)
{
	struct rq_slice word, one = { 0 }, two = { 0 };

	while ((word = next_word(&inside)).n) {
		read_word(m, word);
		if (one.n && rq_slice_eq(two, RQ_SLICE("of"))) {
			_cleanup_free_ char *number = rq_xasprintf(
				"%.*s/%.*s", RQ_SLICE_ARG(one), RQ_SLICE_ARG(word));

			read_word(m, rq_slice_of(number));
		}
		one = two;
		two = word;
	}
}

char *rq_reply_title(const char *subject)
{
	struct rq_slice rest = rq_slice_trim(rq_slice_of(subject));

	cut_reply(&rest);
	return rq_header_title(rest);
}

void rq_mail_subject(struct rq_mail *m, const char *subject)
{
	struct rq_slice rest = rq_slice_trim(rq_slice_of(subject));
	const char *close;

	m->version = m->number = m->total = 1;
	m->reply = cut_reply(&rest);
	m->spelled = rq_xstrndup(rest.p, rest.n);
	while (rest.n && rest.p[0] == '[' && (close = memchr(rest.p, ']', rest.n))) {
		read_brackets(
			m, (struct rq_slice){ rest.p + 1, (size_t)(close - rest.p - 1) });
		rest = rq_slice_trim((struct rq_slice){
			close + 1, rest.n - (size_t)(close + 1 - rest.p) });
		if (rest.n && rest.p[0] == ':')
			rest = rq_slice_trim((struct rq_slice){ rest.p + 1, rest.n - 1 });
		m->reply |= cut_reply(&rest);
	}
	m->subject = rq_xstrndup(rest.p, rest.n);
}
