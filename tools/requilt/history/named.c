// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commits that a message names, and what for.
 */
#include <ctype.h>

#include "history/history.h"

static struct rq_slice take_id(struct rq_slice text)
{
	size_t n = 0;

	while (n < text.n && n <= RQ_OID_HEX && isxdigit((unsigned char)text.p[n]))
		n++;
	if (n < 7 || n > RQ_OID_HEX || (n < text.n && isalnum((unsigned char)text.p[n])))
		n = 0;
	return (struct rq_slice){ text.p, n };
}

void rq_history_named(struct rq_slice message,
		      void (*each)(enum rq_named_how how, struct rq_slice id, long line,
				   void *ctx),
		      void *ctx)
{
	static const struct {
		const char *words;
		enum rq_named_how how;
	} forms[] = {
		{ "fixes: commit ", RQ_NAMED_FIXES },
		{ "fixes: ", RQ_NAMED_FIXES },
		{ "fixes:", RQ_NAMED_FIXES },
		{ "this reverts commit ", RQ_NAMED_REVERTS },
		{ "reverts commit ", RQ_NAMED_REVERTS },
	};
	struct rq_slice line;

	for (long number = 1; rq_slice_next_line(&message, &line); number++) {
		line = rq_slice_trim(line);
		for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
			size_t n = strlen(forms[i].words);
			struct rq_slice id;

			if (line.n <= n || strncasecmp(line.p, forms[i].words, n) != 0)
				continue;
			id = take_id(rq_slice_trim(
				(struct rq_slice){ line.p + n, line.n - n }));
			if (id.n)
				each(forms[i].how, id, number, ctx);
			break;
		}
	}
}
