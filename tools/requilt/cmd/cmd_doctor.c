// SPDX-License-Identifier: GPL-2.0-only
/*
 * requilt doctor: what this machine lacks.  Looks and tries, installs nothing.
 */
#include "cmd/cmd.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/json.h"
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
	{ "flex", "flex", "building a ported kernel" },
	{ "bison", "bison", "building a ported kernel" },
	{ "bc", "bc", "building a ported kernel" },
	{ "perl", "perl", "building a ported kernel" },
	{ "cpio", "cpio", "building a ported kernel" },
	{ "depmod", "kmod", "building a ported kernel" },
	{ "rsync", "rsync", "the kernel's selftests in a boot" },
	{ "qemu-system-x86_64", "qemu-system-x86", "booting a ported kernel" },
	{ "busybox", "busybox-static", "booting a ported kernel" },
};

/* Headers that a kernel's own programs include. */
static const struct {
	const char *name, *header, *package, *what;
} libraries[] = {
	{ "libelf", "gelf.h", "libelf-dev", "building a ported kernel" },
	{ "libssl", "openssl/opensslv.h", "libssl-dev", "building a ported kernel" },
};

static void print(json_t *list, const char *name, bool there, const char *what,
		  const char *package)
{
	if (list)
		json_array_append_new(list,
				      json_pack("{ss sb ss ss*}", "name", name, "found",
						there, "what", what, "package", package));
	else
		printf("%-18s %-8s %s%s%s\n", name, there ? "found" : "missing", what,
		       there || !package ? "" : "; install ",
		       there || !package ? "" : package);
}

/* Asks the compiler, which knows where headers are. */
static bool has_header(const char *header)
{
	const char *argv[] = { "gcc", "-fsyntax-only", "-include", header, "-x",
			       "c",   "/dev/null",     NULL };
	struct rq_str errors = { 0 };
	struct rq_err ignored;
	int status = 1, rc;

	rc = rq_proc_run(
		&(struct rq_proc){ .argv = argv, .seconds = 60, .errors = &errors },
		&status, &ignored);
	rq_str_release(&errors);
	return !rc && !status;
}

static size_t look_at_libraries(json_t *list)
{
	size_t missing = 0;

	for (size_t i = 0; i < ARRAY_SIZE(libraries); i++) {
		bool there = has_header(libraries[i].header);

		missing += !there;
		print(list, libraries[i].name, there, libraries[i].what,
		      libraries[i].package);
	}
	return missing;
}

/* "aarch64-linux-gnu-" is of gcc-aarch64-linux-gnu; a package's name has no "_". */
static char *package_of_cross(const char *cross)
{
	char *package = rq_xasprintf("gcc-%.*s", (int)strlen(cross) - 1, cross);

	for (char *p = package; *p; p++)
		if (*p == '_')
			*p = '-';
	return package;
}

/* The compilers that branch.<name>.cross names. */
static size_t look_at_cross(json_t *list)
{
	_cleanup_(rq_branches_release) struct rq_branches branches = { 0 };
	_cleanup_(rq_names_release) struct rq_names seen = { 0 };
	struct rq_err ignored;
	size_t missing = 0;

	if (rq_cmd_branches_if_any(&branches, &ignored))
		return 0;
	for (size_t i = 0; i < branches.all.n; i++) {
		const struct rq_branch *branch = &branches.all.v[i];
		_cleanup_free_ char *name = NULL, *package = NULL, *what = NULL;
		bool there;

		if (!branch->cross || !*branch->cross ||
		    rq_names_have(&seen, rq_slice_of(branch->cross)))
			continue;
		rq_names_add(&seen, rq_slice_of(branch->cross));
		name = rq_xasprintf("%sgcc", branch->cross);
		package = package_of_cross(branch->cross);
		what = rq_xasprintf("building branch %s", branch->name);
		there = rq_proc_installed(name);
		missing += !there;
		print(list, name, there, what, package);
	}
	return missing;
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
	missing += look_at_libraries(list);
	missing += look_at_cross(list);
	missing += look_at_confinement(list);
	if (rq_cmd_open_repo(&repo, false, err)) {
		print(list, "kernels", false, err->msg, NULL);
		missing++;
	} else {
		print(list, "kernels", true, rq_repo_path(repo), NULL);
	}
	if (list)
		rq_cmd_put_json_value(list);
	if (missing)
		return rq_err_set(err, RQ_ETOOL, "doctor: %zu things are missing",
				  missing);
	return 0;
}
