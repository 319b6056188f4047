// SPDX-License-Identifier: GPL-2.0-only
/*
 * What verify found, as JSON.  Keys are only ever added.
 */
#include "report/report_internal.h"

#include <stdlib.h>

#include "report/json_internal.h"

static json_t *texts(char *const *v, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, rq_json_text(v[i]));
	return list;
}

static json_t *diag(const struct rq_diag *d)
{
	json_t *o = json_object();

	json_object_set_new(
		o, "tool",
		json_string(d->tool == RQ_DIAG_SPARSE ? "sparse" : "compiler"));
	json_object_set_new(o, "object",
			    d->object[0] ? rq_json_text(d->object) : json_null());
	json_object_set_new(o, "file", d->file[0] ? rq_json_text(d->file) : json_null());
	json_object_set_new(o, "line", d->line ? json_integer(d->line) : json_null());
	json_object_set_new(o, "column",
			    d->column ? json_integer(d->column) : json_null());
	json_object_set_new(o, "kind", json_string(d->error ? "error" : "warning"));
	json_object_set_new(o, "text", rq_json_text(d->text));
	json_object_set_new(o, "details", texts(d->details.v, d->details.n));
	return o;
}

const char *rq_json_verdict(enum rq_verdict verdict)
{
	return verdict == RQ_VERDICT_IDLE ? "nothing" : rq_verdict_word(verdict);
}

static json_t *entry(const struct rq_verified_entry *e)
{
	json_t *o = json_object(), *fresh = json_array();

	json_object_set_new(o, "patch", rq_json_text(e->patch));
	json_object_set_new(o, "commit", rq_json_oid(&e->commit));
	json_object_set_new(o, "verdict", json_string(rq_json_verdict(e->verdict)));
	json_object_set_new(o, "objects", json_integer((json_int_t)e->objects));
	json_object_set_new(o, "not_built", texts(e->off.v.v, e->off.v.n));
	for (size_t i = 0; i < e->fresh.v.n; i++)
		json_array_append_new(fresh, diag(&e->fresh.v.v[i]));
	json_object_set_new(o, "new", fresh);
	json_object_set_new(o, "vanished", json_integer((json_int_t)e->vanished));
	json_object_set_new(o, "failure", e->failure ? diag(e->failure) : json_null());
	json_object_set_new(o, "seconds", json_real(e->seconds));
	return o;
}

static json_t *branch(const struct rq_verified_branch *b)
{
	json_t *o = json_object(), *entries = json_array();

	json_object_set_new(o, "branch", rq_json_text(b->branch));
	json_object_set_new(o, "version", rq_json_text(b->version));
	json_object_set_new(o, "base", rq_json_oid(&b->base));
	json_object_set_new(o, "head", rq_json_oid(&b->head));
	json_object_set_new(o, "config", rq_json_text(b->config));
	json_object_set_new(o, "compiler", rq_json_text(b->compiler));
	json_object_set_new(o, "sparse", rq_json_text(b->checker));
	json_object_set_new(o, "verdict",
			    json_string(rq_verdict_word(rq_verified_verdict(b))));
	json_object_set_new(o, "kept", json_boolean(b->kept));
	json_object_set_new(o, "unchecked", texts(b->unchecked.v.v, b->unchecked.v.n));
	for (size_t i = 0; i < b->entries.n; i++)
		json_array_append_new(entries, entry(&b->entries.v[i]));
	json_object_set_new(o, "entries", entries);
	json_object_set_new(o, "boot",
			    b->boot ? rq_report_booted_json(b->boot) : json_null());
	json_object_set_new(o, "message", rq_json_text(b->failure));
	return o;
}

void rq_report_verified_json(struct rq_str *out, const struct rq_verified *verified)
{
	json_t *root = json_object(), *branches = json_array(), *stages = json_array();
	char *s;

	json_object_set_new(root, "tool", json_string("requilt " RQ_VERSION));
	json_object_set_new(root, "queue", rq_json_text(verified->queue));
	if (verified->build)
		json_array_append_new(stages, json_string("build"));
	if (verified->sparse)
		json_array_append_new(stages, json_string("sparse"));
	if (verified->boot)
		json_array_append_new(stages, json_string("boot"));
	json_object_set_new(root, "stages", stages);
	for (size_t i = 0; i < verified->branches.n; i++)
		json_array_append_new(branches, branch(&verified->branches.v[i]));
	json_object_set_new(root, "branches", branches);
	s = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	rq_str_adds(out, s);
	rq_str_adds(out, "\n");
	free(s);
	json_decref(root);
}
