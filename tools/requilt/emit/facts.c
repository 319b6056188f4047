// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a patch says of itself, whatever spelling it says it in: the facts that every dialect's
 * header is made from.  Nothing is concluded from what is not written there.
 */
#include "emit/dialect.h"

#include <stdlib.h>

void rq_facts_read(struct rq_facts *out, const struct rq_patch *patch)
{
	*out = (struct rq_facts){ .patch = patch };
	rq_header_read(&out->header, patch);
	rq_head_split(&out->parts, patch->head);
	out->body = rq_slice_of(out->header.message);
	rq_slice_next_line(&out->body, &out->title);
	out->title = rq_slice_chomp(out->title);
	while (out->body.n && *out->body.p == '\n')
		rq_slice_next_line(&out->body, &(struct rq_slice){ 0 });
	rq_upstream_read(&out->upstream, patch->head);
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
