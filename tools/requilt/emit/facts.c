// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a patch says of itself, whatever spelling it says it in: the facts that every dialect's
 * header is made from.  Nothing is concluded from what is not written there; two upstream
 * commits that differ are none.
 */
#include "emit/dialect.h"

#include <ctype.h>
#include <stdlib.h>

/* The first stretch of exactly 40 hex digits; empty when there is none. */
static struct rq_slice find_id(struct rq_slice text)
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

static void know(struct rq_facts *facts, struct rq_slice text, long line)
{
	struct rq_slice id = find_id(text);

	if (!id.n)
		return;
	if (*facts->upstream && strncasecmp(facts->upstream, id.p, id.n) != 0)
		facts->differs_at = line;
	else
		for (size_t i = 0; i < id.n; i++)
			facts->upstream[i] = (char)tolower((unsigned char)id.p[i]);
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

bool rq_upstream_line(struct rq_slice line)
{
	line = rq_slice_trim(line);
	return (rq_slice_starts(line, "commit ") && (rq_slice_ends(line, " upstream.") ||
						     rq_slice_ends(line, " upstream"))) ||
	       (rq_slice_starts(line, "[ Upstream commit ") && rq_slice_ends(line, " ]"));
}

static void read_message(struct rq_facts *facts, struct rq_slice head)
{
	struct rq_slice line;

	for (long n = 1; rq_slice_next_line(&head, &line); n++) {
		if (!rq_upstream_line(line))
			continue;
		know(facts, line, n);
		facts->upstream_line = facts->upstream_line ? facts->upstream_line : n;
	}
}

void rq_facts_read(struct rq_facts *out, const struct rq_patch *patch)
{
	struct rq_slice head = patch->head;
	struct rq_err ignored;

	*out = (struct rq_facts){ .patch = patch };
	rq_header_read(&out->header, patch);
	rq_head_split(&out->parts, head);
	out->body = rq_slice_of(out->header.message);
	rq_slice_next_line(&out->body, &out->title);
	out->title = rq_slice_chomp(out->title);
	while (out->body.n && *out->body.p == '\n')
		rq_slice_next_line(&out->body, &(struct rq_slice){ 0 });
	read_message(out, head);
	rq_head_each(head, "Git-commit", git_commit, out, &ignored);
	rq_head_each(head, "Origin", origin, out, &ignored);
	rq_head_each(head, "Upstream-Status", upstream_status, out, &ignored);
	if (out->differs_at)
		*out->upstream = '\0';
}

void rq_facts_release(struct rq_facts *facts)
{
	rq_header_release(&facts->header);
	rq_head_parts_release(&facts->parts);
}

static int take_value(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	struct rq_head_value *out = ctx;

	(void)err;
	if (!out->line)
		*out = (struct rq_head_value){ value, line };
	return 0;
}

bool rq_facts_value(struct rq_head_value *out, const struct rq_facts *facts,
		    const char *name)
{
	struct rq_err ignored;

	*out = (struct rq_head_value){ 0 };
	rq_head_each(facts->patch->head, name, take_value, out, &ignored);
	return out->line != 0;
}
