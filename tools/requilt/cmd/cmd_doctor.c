// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt doctor: what this machine lacks.  Looks, installs nothing.
 */
#include "cmd/cmd.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "proc/proc.h"

static const struct {
	const char *program, *package, *what;
} tools[] = {
	{ "git", "git", "bases from a git repository or URL" },
	{ "quilt", "quilt", "pushing an emitted series by hand, and the tests" },
	{ "patch", "patch", "the tests' independent check" },
	{ "sparse", "sparse", "checking a ported kernel" },
	{ "spatch", "coccinelle", "semantic patches" },
	{ "gcc", "gcc", "building a ported kernel" },
	{ "make", "make", "building a ported kernel" },
};

static void print(json_t *list, const char *name, bool there, const char *what,
		  const char *package)
{
	if (list)
		json_array_append_new(list,
				      json_pack("{ss sb ss ss*}", "name", name, "found",
						there, "what", what, "package", package));
	else
		printf("%-8s %-8s %s%s%s\n", name, there ? "found" : "missing", what,
		       there || !package ? "" : "; install ",
		       there || !package ? "" : package);
}

int rq_cmd_doctor(int argc, char **argv, struct rq_err *err)
{
	_cleanup_(rq_repo_closep) struct rq_repo *repo = NULL;
	json_t *list = rq_globals.json ? json_array() : NULL;
	size_t missing = 0;

	if (argc)
		return rq_err_set(err, RQ_EUSAGE, "doctor: takes no words, not '%s'",
				  argv[0]);
	for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
		bool there = rq_proc_installed(tools[i].program);

		missing += !there;
		print(list, tools[i].program, there, tools[i].what, tools[i].package);
	}
	if (rq_cmd_open_repo(&repo, false, err)) {
		print(list, "kernels", false, err->msg, NULL);
		missing++;
	} else {
		print(list, "kernels", true, rq_repo_path(repo), NULL);
	}
	if (list) {
		json_dumpf(list, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_decref(list);
	if (missing)
		return rq_err_set(err, RQ_ETOOL, "doctor: %zu things are missing",
				  missing);
	return 0;
}
