// SPDX-License-Identifier: GPL-2.0-only
/*
 * What booting found, as JSON.  Keys are only ever added.
 */
#include "report/json_internal.h"
#include "report/report_internal.h"

static json_t *texts(const struct rq_names *names)
{
	json_t *list = json_array();

	for (size_t i = 0; i < names->v.n; i++)
		json_array_append_new(list, rq_json_text(names->v.v[i]));
	return list;
}

static json_t *run(const struct rq_boot_run *r)
{
	json_t *o = json_object(), *tests = json_array();

	for (size_t i = 0; i < r->tests.n; i++) {
		json_t *test = json_object();

		json_object_set_new(test, "name", rq_json_text(r->tests.v[i].name));
		json_object_set_new(test, "ok", json_boolean(r->tests.v[i].ok));
		json_array_append_new(tests, test);
	}
	json_object_set_new(o, "state", json_string(rq_boot_word(r->state)));
	json_object_set_new(o, "tests", tests);
	json_object_set_new(o, "complaints", texts(&r->complaints));
	json_object_set_new(o, "why", rq_json_text(r->why));
	json_object_set_new(o, "console", rq_json_text(r->log));
	json_object_set_new(o, "tail", rq_json_text(r->tail));
	json_object_set_new(o, "seconds", json_real(r->seconds));
	return o;
}

json_t *rq_report_booted_json(const struct rq_booted *b)
{
	json_t *o = json_object();

	json_object_set_new(o, "config", rq_json_text(b->config));
	json_object_set_new(o, "machine", rq_json_text(b->machine));
	json_object_set_new(o, "note", rq_json_text(b->note));
	json_object_set_new(o, "base", run(&b->base));
	json_object_set_new(o, "ported", run(&b->ported));
	json_object_set_new(o, "failing", texts(&b->failing));
	json_object_set_new(o, "stale", texts(&b->stale));
	json_object_set_new(o, "worse", texts(&b->worse));
	json_object_set_new(o, "ok", json_boolean(rq_booted_well(b)));
	return o;
}
