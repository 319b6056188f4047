// SPDX-License-Identifier: GPL-2.0-only
/*
 * Single values of JSON.
 */
#include "report/json_internal.h"

#include "util/str.h"

json_t *rq_json_oid(const struct rq_oid *oid)
{
	char hex[RQ_OID_HEX + 1];

	return rq_oid_is_zero(oid) ? json_null() : json_string(rq_oid_hex(hex, oid));
}

json_t *rq_json_text(const char *s)
{
	json_t *value = s ? json_string(s) : json_null();
	struct rq_str clean = { 0 };

	if (value)
		return value;
	for (; *s; s++)
		rq_str_addf(&clean, (unsigned char)*s < 0x80 ? "%c" : "\\x%02x",
			    (unsigned char)*s);
	value = json_string(clean.s);
	rq_str_release(&clean);
	return value;
}
