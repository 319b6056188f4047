// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commit of an entry: everything in it comes from the patch, so that the same queue
 * gives the same ids on any machine.
 */
#include "queue/queue_internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

/* git allows no '<', '>' or newline inside a name. */
static void add_name(struct rq_str *out, const char *name)
{
	for (; *name; name++)
		if (!strchr("<>\n", *name))
			rq_str_add(out, name, 1);
}

static void add_author(struct rq_str *out, const struct rq_header *header,
		       const char *committer)
{
	if (!header->author_email) {
		rq_str_adds(out, committer);
		return;
	}
	add_name(out, header->author_name ? header->author_name : header->author_email);
	rq_str_adds(out, " <");
	add_name(out, header->author_email);
	rq_str_adds(out, ">");
}

void rq_commit_text(struct rq_str *out, const struct rq_oid *tree,
		    const struct rq_oid *parent, const struct rq_header *header,
		    const char *committer, int64_t base_time)
{
	char hex[RQ_OID_HEX + 1];
	_cleanup_free_ char *date =
		header->date ? rq_xstrdup(header->date)
			     : rq_xasprintf("%" PRId64 " +0000", base_time);

	rq_str_addf(out, "tree %s\n", rq_oid_hex(hex, tree));
	if (!rq_oid_is_zero(parent))
		rq_str_addf(out, "parent %s\n", rq_oid_hex(hex, parent));
	rq_str_adds(out, "author ");
	add_author(out, header, committer);
	rq_str_addf(out, " %s\ncommitter %s %s\n\n", date, committer, date);
	rq_str_adds(out, header->message);
}
