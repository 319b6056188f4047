// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which commit upstream a patch says it is, in whatever spelling: stable's two, Debian's, SUSE's
 * and Yocto's.  Two that differ are none.  What a patch was picked from may be of anybody's tree: it
 * counts only where nothing else is said.
 */
#include "patch/patch.h"

#include <ctype.h>

struct rq_slice rq_find_id(struct rq_slice text)
{
	size_t n = 0;

	for (size_t i = 0; i <= text.n; i++) {
		if (i < text.n && isalnum((unsigned char)text.p[i])) {
			n = isxdigit((unsigned char)text.p[i]) && n <= RQ_OID_HEX
				    ? n + 1
				    : RQ_OID_HEX + 1;
			continue;
		}
		if (n == RQ_OID_HEX)
			return (struct rq_slice){ text.p + i - n, n };
		n = 0;
	}
	return (struct rq_slice){ 0 };
}

static void know(struct rq_upstream *out, struct rq_slice text, long line)
{
	struct rq_slice id = rq_find_id(text);

	if (!id.n)
		return;
	if (*out->hex && strncasecmp(out->hex, id.p, id.n) != 0)
		out->differs_at = line;
	else
		for (size_t i = 0; i < id.n; i++)
			out->hex[i] = (char)tolower((unsigned char)id.p[i]);
}

static int git_commit(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	(void)err;
	know(ctx, value, line);
	return 0;
}

/* A bare URL may be of anybody's tree; this short form is Linus's alone. */
static int origin(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	(void)err;
	if (rq_slice_starts(value, "upstream") || rq_slice_starts(value, "backport") ||
	    rq_slice_starts(value, "commit:") ||
	    rq_slice_starts(value, "https://git.kernel.org/linus/"))
		know(ctx, value, line);
	return 0;
}

static int upstream_status(struct rq_slice value, long line, void *ctx,
			   struct rq_err *err)
{
	(void)err;
	if (rq_slice_starts(value, "Backport"))
		know(ctx, value, line);
	return 0;
}

static bool starts_in_any_case(struct rq_slice line, const char *words)
{
	size_t n = strlen(words);

	return line.n > n && strncasecmp(line.p, words, n) == 0;
}

bool rq_upstream_line(struct rq_slice line)
{
	bool bracket;

	line = rq_slice_trim(line);
	bracket = rq_slice_starts(line, "[") && rq_slice_ends(line, "]");
	if (bracket)
		line = rq_slice_trim((struct rq_slice){ line.p + 1, line.n - 2 });
	if (starts_in_any_case(line, "commit "))
		return rq_slice_ends(line, " upstream.") ||
		       rq_slice_ends(line, " upstream");
	return bracket && starts_in_any_case(line, "upstream commit ");
}

/* "(cherry picked from commit 1234)", git's and Ubuntu's; the first of several is the oldest. */
static void read_picked(struct rq_upstream *out, struct rq_slice head)
{
	static const char *const words[] = { "(cherry picked from commit ",
					     "(cherry-picked from commit ",
					     "(backported from commit " };
	struct rq_slice line;

	for (long n = 1; !*out->hex && rq_slice_next_line(&head, &line); n++)
		for (size_t i = 0; i < ARRAY_SIZE(words); i++)
			if (starts_in_any_case(rq_slice_trim(line), words[i]))
				know(out, line, n);
}

static void read_message(struct rq_upstream *out, struct rq_slice head)
{
	struct rq_slice line;

	for (long n = 1; rq_slice_next_line(&head, &line); n++) {
		if (!rq_upstream_line(line))
			continue;
		know(out, line, n);
		out->line = out->line ? out->line : n;
	}
}

void rq_upstream_read(struct rq_upstream *out, struct rq_slice head)
{
	struct rq_err ignored;

	*out = (struct rq_upstream){ 0 };
	read_message(out, head);
	rq_head_each(head, "Git-commit", git_commit, out, &ignored);
	rq_head_each(head, "Origin", origin, out, &ignored);
	rq_head_each(head, "Upstream-Status", upstream_status, out, &ignored);
	if (out->differs_at)
		*out->hex = '\0';
	else
		read_picked(out, head);
}
