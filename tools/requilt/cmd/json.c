// SPDX-License-Identifier: GPL-2.0-only
/*
 * The JSON of commands on stdout: a value where there is one, else the error.
 */
#include "cmd/json.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "report/json.h"

/* Of the objects that this file makes; a change of what a key means raises it. */
#define SCHEMA 1

static bool printed;

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

void rq_cmd_put_json_error(const struct rq_err *err)
{
	if (printed)
		return;
	rq_cmd_put_json_value(json_pack("{ss si s{si so}}", "tool", "requilt " RQ_VERSION,
					"schema", SCHEMA, "error", "status",
					rq_exit_status(err->code), "message",
					rq_json_text(err->msg)));
}
