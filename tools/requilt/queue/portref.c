// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose a ref is: another queue repository may have a queue of the same name.
 */
#include "queue/portref.h"

#include "util/file.h"
#include "util/mem.h"

bool rq_port_ref_is_ours(const char *root, const char *name, const struct rq_oid *oid)
{
	_cleanup_free_ char *below = rq_xasprintf("series/%s/port.json", name);
	_cleanup_(rq_str_release) struct rq_str json = { 0 };
	char hex[RQ_OID_HEX + 1];
	_cleanup_free_ char *head =
		rq_xasprintf("\"head\": \"%s\"", rq_oid_hex(hex, oid));
	struct rq_err ignored;

	return rq_file_read_below(&json, root, below, &ignored) == 0 &&
	       rq_slice_has(rq_str_slice(&json), head);
}
