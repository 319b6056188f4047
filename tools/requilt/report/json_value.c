// SPDX-License-Identifier: GPL-2.0-only
/*
 * Single values of JSON.
 */
#include "report/json_internal.h"

json_t *rq_json_oid(const struct rq_oid *oid)
{
	char hex[RQ_OID_HEX + 1];

	return rq_oid_is_zero(oid) ? json_null() : json_string(rq_oid_hex(hex, oid));
}

json_t *rq_json_bytes(struct rq_slice bytes)
{
	json_t *value = json_stringn(bytes.p, bytes.n);
	struct rq_str clean = { 0 };

	if (value)
		return value;
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = bytes.p[i];

		if (c < 0x80)
			rq_str_add(&clean, bytes.p + i, 1);
		else
			rq_str_addf(&clean, "\\x%02x", c);
	}
	value = json_stringn(clean.s, clean.len);
	rq_str_release(&clean);
	return value;
}

json_t *rq_json_text(const char *s)
{
	return s ? rq_json_bytes(rq_slice_of(s)) : json_null();
}

const char *rq_json_word(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

char *rq_json_take_text(const json_t *from, const char *key)
{
	const char *s = json_string_value(json_object_get(from, key));

	return s ? rq_xstrdup(s) : NULL;
}

long rq_json_take_number(const json_t *from, const char *key)
{
	return (long)json_integer_value(json_object_get(from, key));
}

bool rq_json_take_word(int *out, const json_t *from, const char *key, int n,
		       const char *(*word)(int))
{
	for (*out = 0; *out < n; ++*out)
		if (strcmp(rq_json_word(from, key), word(*out)) == 0)
			return true;
	*out = 0;
	return false;
}

static const char *outcome_word(int outcome)
{
	return rq_outcome_word((enum rq_outcome)outcome);
}

bool rq_json_take_outcome(int *out, const json_t *from, const char *key)
{
	return rq_json_take_word(out, from, key, RQ_OUTCOMES, outcome_word);
}
