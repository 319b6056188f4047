// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt doctor: what this machine lacks.  Looks and tries, installs nothing.
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

/* What a rule is confined with: the first two, or the last. */
static size_t look_at_confinement(json_t *list)
{
	struct rq_confine_offer offer;
	_cleanup_free_ char *abi = NULL;
	struct rq_err err;

	rq_confine_probe(&offer);
	abi = rq_xasprintf("confining rules to files%s%.0d",
			   offer.landlock ? ", ABI " : "", offer.landlock);
	print(list, "landlock", offer.landlock, abi, NULL);
	print(list, "seccomp", offer.seccomp, "confining rules to system calls", NULL);
	print(list, "userns", offer.user_namespace, "user namespaces, for bubblewrap",
	      NULL);
	print(list, "bwrap", offer.bubblewrap,
	      "confining rules where Landlock or seccomp does not work", "bubblewrap");
	return rq_confine_possible(&err) ? 1 : 0;
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
	missing += look_at_confinement(list);
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
