// SPDX-License-Identifier: GPL-2.0-only
/*
 * The JSON of commands on stdout: a value where there is one, else the error.
 */
#include "cmd/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "report/json.h"

/* Of the objects that this file makes; a change of what a key means raises it. */
#define SCHEMA 1

static bool printed;
static json_t *did; /* rows of rq_cmd_did() */

void rq_cmd_put_json(struct rq_slice text)
{
	fwrite(text.p, 1, text.n, stdout);
	printed = true;
}

void rq_cmd_put_json_value(json_t *value)
{
	json_dumpf(value, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(value);
	printed = true;
}

static json_t *new_object(void)
{
	return json_pack("{ss si}", "tool", "requilt " RQ_VERSION, "schema", SCHEMA);
}

static void set_error(json_t *o, const struct rq_err *err)
{
	json_object_set_new(o, "error",
			    json_pack("{si so}", "status", rq_exit_status(err->code),
				      "message", rq_json_text(err->msg)));
}

void rq_cmd_put_json_error(const struct rq_err *err)
{
	json_t *o;

	if (printed)
		return;
	o = new_object();
	set_error(o, err);
	rq_cmd_put_json_value(o);
}

void rq_cmd_did(const char *what, ...)
{
	const char *key, *text;
	json_t *row;
	va_list ap;

	if (!rq_globals.json)
		return;
	row = json_object();
	json_object_set_new(row, "do", json_string(what));
	va_start(ap, what);
	while ((key = va_arg(ap, const char *))) {
		text = va_arg(ap, const char *);
		if (text)
			json_object_set_new(row, key, rq_json_text(text));
	}
	va_end(ap);
	if (!did)
		did = json_array();
	json_array_append_new(did, row);
}

void rq_cmd_put_json_did(const struct rq_err *err)
{
	json_t *o = new_object();

	json_object_set_new(o, "did", did ? did : json_array());
	did = NULL;
	if (err)
		set_error(o, err);
	rq_cmd_put_json_value(o);
}
