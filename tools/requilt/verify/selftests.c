// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own selftests for the guest, static, from the sources of the branch's base: those
 * that a list names, one a line, with the words that they are called with:
 *
 *	# comment
 *	vm/mremap_test
 *	vm/hugepage-mremap /huge/mremap
 *
 * They are made again only when the base's tree, the list or the compiler changes.  One that the
 * tree does not have, or that does not compile, is an error: a test that is not there says
 * nothing.
 */
#include "verify/boot_internal.h"

#include <stdlib.h>

#include "util/file.h"
#include "util/path.h"

#define HEADERS_SECONDS 300

/* Programs lie in one folder of the guest, so two may not be named alike. */
static bool other_program(const struct rq_names *lines, const char *name)
{
	for (size_t i = 0; i < lines->v.n; i++) {
		struct rq_slice rest = rq_slice_of(lines->v.v[i]);
		struct rq_slice word = rq_slice_next_word(&rest);
		_cleanup_free_ char *other = rq_xstrndup(word.p, word.n);

		if (strcmp(other, name) != 0 &&
		    strcmp(rq_path_base(other), rq_path_base(name)) == 0)
			return true;
	}
	return false;
}

static int read_list(struct rq_names *out, const char *path, struct rq_slice text,
		     struct rq_err *err)
{
	struct rq_slice line;

	for (int number = 1; rq_slice_next_line(&text, &line); number++) {
		struct rq_slice rest = line = rq_slice_trim(line), program;
		_cleanup_free_ char *name = NULL;

		if (!line.n || line.p[0] == '#')
			continue;
		program = rq_slice_next_word(&rest);
		name = rq_xstrndup(program.p, program.n);
		if (rq_path_unsafe(program) || !strchr(name, '/'))
			return rq_err_set(err, RQ_EFORMAT,
					  "%s:%d: %s: not a selftest, as vm/mremap_test",
					  path, number, name);
		if (other_program(out, name))
			return rq_err_set(
				err, RQ_EFORMAT,
				"%s:%d: %s: another folder's test has this name", path,
				number, name);
		rq_names_add(out, line);
	}
	return 0;
}

static int make_headers(struct rq_site *site, struct rq_err *err)
{
	const char *const goals[] = { "headers", NULL };
	struct rq_str said = { 0 };
	int status, rc = rq_make_run(site,
				     &(struct rq_make){ .goals = goals,
							.seconds = HEADERS_SECONDS },
				     &said, &status, err);

	if (!rc && status)
		rc = rq_err_set(err, RQ_EFORMAT, "make headers failed: %.*s",
				RQ_SLICE_ARG(rq_slice_trim(rq_str_slice(&said))));
	rq_str_release(&said);
	return rc;
}

/* What belongs to the tests of a folder, where there is such a file: as run_vmtests.sh's Makefile
 * links them. */
static const struct {
	const char *source, *tests; /* @tests: how their names start */
} companions[] = {
	{ "vm_util.c", "" },
	{ "thp_settings.c", "" },
	{ "uffd-common.c", "uffd-" },
};

/* Libraries that a test would use where it finds them, as cow.c liburing, are not there: @folder
 * has an empty local_config.h. */
static int compile(const struct rq_site *site, const char *name, const char *folder,
		   const char *program, struct rq_err *err)
{
	_cleanup_free_ char *tests = rq_path_join(site->tree, "tools/testing/selftests");
	_cleanup_free_ char *source = rq_xasprintf("%s/%s.c", tests, name);
	_cleanup_free_ char *headers = rq_path_join(site->build, "usr/include");
	_cleanup_free_ char *tools = rq_path_join(site->tree, "tools/include/uapi");
	_cleanup_free_ char *map = rq_xasprintf("-ffile-prefix-map=%s/=", site->tree);
	_cleanup_free_ char *what = rq_xasprintf("selftest %s", name);
	const char *const libraries[] = { "-lrt", "-lpthread", "-lm" };
	struct rq_names beside = { 0 };
	const char *argv[40] = { "gcc",	     "-static", "-O2",
				 "-w",	     "-no-pie", "-D_GNU_SOURCE",
				 "-I",	     folder,	"-I",
				 tests,	     "-I",	site->tree,
				 "-isystem", headers,	"-idirafter",
				 tools,	     map,	"-Wl,--build-id=none",
				 "-o",	     program,	source };
	size_t n = 0;
	int rc;

	while (argv[n])
		n++;
	for (size_t i = 0; i < ARRAY_SIZE(companions); i++) {
		struct rq_slice base = rq_slice_of(rq_path_base(name));
		_cleanup_free_ char *path =
			rq_xasprintf("%s/%.*s%s", tests, (int)(base.p - name), name,
				     companions[i].source);

		if (rq_slice_starts(base, companions[i].tests) && rq_file_exists(path))
			rq_names_add(&beside, rq_slice_of(path));
	}
	for (size_t i = 0; i < beside.v.n; i++)
		argv[n++] = beside.v.v[i];
	for (size_t i = 0; i < ARRAY_SIZE(libraries); i++)
		argv[n++] = libraries[i];
	rc = rq_guest_compile(argv, what, err);
	rq_names_release(&beside);
	return rc;
}

static int compile_all(const struct rq_names *lines, const char *folder,
		       const struct rq_site *site, struct rq_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < lines->v.n && !rc; i++) {
		struct rq_slice rest = rq_slice_of(lines->v.v[i]);
		struct rq_slice word = rq_slice_next_word(&rest);
		_cleanup_free_ char *name = rq_xstrndup(word.p, word.n);
		_cleanup_free_ char *program = rq_path_join(folder, rq_path_base(name));

		if (!rq_file_exists(program))
			rc = compile(site, name, folder, program, err);
	}
	return rc;
}

static bool is_current(const char *folder, struct rq_slice stamp)
{
	_cleanup_free_ char *path = rq_path_join(folder, "stamp");
	struct rq_str there = { 0 };
	struct rq_err ignored;
	bool same = rq_file_read(&there, path, &ignored) == 0 &&
		    rq_slice_eq(rq_str_slice(&there), stamp);

	rq_str_release(&there);
	return same;
}

static int build(const struct rq_names *lines, const char *folder, struct rq_slice stamp,
		 struct rq_site *site, const struct rq_oid *tree, struct rq_err *err)
{
	_cleanup_free_ char *path = rq_path_join(folder, "stamp");
	_cleanup_free_ char *config = rq_path_join(folder, "local_config.h");
	int rc = rq_dir_remove(folder, err);

	if (!rc)
		rc = rq_dir_make(folder, err);
	if (!rc)
		rc = rq_file_write(config, RQ_SLICE(""), err);
	if (!rc)
		rc = rq_worktree_move(site, tree, err);
	if (!rc)
		rc = rq_kconfig_make(site, err);
	if (!rc)
		rc = make_headers(site, err);
	if (!rc)
		rc = compile_all(lines, folder, site, err);
	return rc ? rc : rq_file_write(path, stamp, err);
}

int rq_selftests_make(struct rq_names *lines, const char *list, const char *folder,
		      struct rq_site *site, const struct rq_oid *tree, struct rq_err *err)
{
	_cleanup_free_ char *compiler = NULL;
	char hex[RQ_OID_HEX + 1];
	struct rq_str text = { 0 }, stamp = { 0 };
	int rc = rq_file_read(&text, list, err);

	if (!rc)
		rc = read_list(lines, list, rq_str_slice(&text), err);
	if (!rc)
		rc = rq_program_version(&compiler, "gcc", err);
	if (!rc) {
		rq_str_addf(&stamp, "%s\n%s\n", rq_oid_hex(hex, tree), compiler);
		rq_str_add_slice(&stamp, rq_str_slice(&text));
		if (!is_current(folder, rq_str_slice(&stamp)))
			rc = build(lines, folder, rq_str_slice(&stamp), site, tree, err);
	}
	rq_str_release(&text);
	rq_str_release(&stamp);
	return rc;
}
