// SPDX-License-Identifier: GPL-2.0-only
/*
 * The subject of a mail: what stands in brackets says which version and which of how many, the rest
 * is the title.
 */
#include "import/mail_internal.h"

#include <stdio.h>

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

/* "v3", "03/12", "PATCHv3" */
static void read_word(struct rq_mail *m, struct rq_slice word)
{
	size_t skip = rq_slice_starts(word, "PATCH") ? strlen("PATCH") : 0;
	_cleanup_free_ char *text = rq_xstrndup(word.p + skip, word.n - skip);
	long number, total, version;
	char end;

	if (sscanf(text, "%ld/%ld%c", &number, &total, &end) == 2 && number >= 0 &&
	    total > 0) {
		m->numbered = true;
		m->number = number;
		m->total = total;
	} else if (sscanf(text, "%*1[vV]%ld%c", &version, &end) == 1 && version > 0) {
		m->version = version;
	}
}

void rq_mail_subject(struct rq_mail *m, const char *subject)
{
	struct rq_slice rest = rq_slice_trim(rq_slice_of(subject));
	const char *close;

	m->version = m->number = m->total = 1;
	m->reply = cut_reply(&rest);
	while (rest.n && rest.p[0] == '[' && (close = memchr(rest.p, ']', rest.n))) {
		struct rq_slice inside = { rest.p + 1, (size_t)(close - rest.p - 1) };

		while (inside.n) {
			struct rq_slice word = rq_slice_next_word(&inside);
			const char *comma = memchr(word.p, ',', word.n);
			size_t n = comma ? (size_t)(comma - word.p) : word.n;

			read_word(m, (struct rq_slice){ word.p, n });
			if (comma)
				read_word(m,
					  (struct rq_slice){ comma + 1, word.n - n - 1 });
		}
		rest = rq_slice_trim((struct rq_slice){
			close + 1, rest.n - (size_t)(close + 1 - rest.p) });
		m->reply |= cut_reply(&rest);
	}
	m->subject = rq_xstrndup(rest.p, rest.n);
}
