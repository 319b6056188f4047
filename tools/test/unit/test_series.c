// SPDX-License-Identifier: GPL-2.0-only
/*
 * Series files, guards, versions and branches.conf, in a folder made for each test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "git/git.h"
#include "series/series.h"
#include "util/file.h"
#include "util/mem.h"
#include "util/path.h"

#define CONF                                                        \
	"[branch \"linux-5.10.y\"]\n\ttag = lts\n"                  \
	"[branch \"linux-6.1.y\"]\n\ttag = lts\n\ttag = pristine\n" \
	"[branch \"vendor-6.1\"]\n\ttag = vendor\n"

static void put(const char *path, const char *text)
{
	_cleanup_free_ char *folder = rq_xstrndup(path, rq_path_base(path) - path);
	struct rq_err err = { 0 };

	if (rq_dir_make(*folder ? folder : ".", &err) ||
	    rq_file_write(path, rq_slice_of(text), &err))
		fail_msg("%s", err.msg);
}

static int enter_queue(void **state)
{
	char name[] = "/tmp/requilt-test-XXXXXX";

	if (!mkdtemp(name) || chdir(name) < 0)
		return -1;
	*state = rq_xstrdup(name);
	put("series/branches.conf", CONF);
	put("patches/q/1.patch", "x");
	put("patches/q/2.patch", "x");
	put("patches/q/sub/3.patch", "x");
	put("cocci/q/r.cocci", "x");
	put("outside.patch", "x");
	return 0;
}

static int leave_queue(void **state)
{
	struct rq_err err;
	int rc = chdir("/") || rq_dir_remove(*state, &err);

	free(*state);
	return rc;
}

static void load_conf(struct rq_branches *branches)
{
	struct rq_err err = { 0 };

	*branches = (struct rq_branches){ 0 };
	if (rq_branches_load(branches, "series/branches.conf", &err))
		fail_msg("%s", err.msg);
}

/* Loads @text as queue q; *err has the message where it is refused. */
static int load(struct rq_series *series, const char *text, struct rq_err *err)
{
	struct rq_branches branches;
	int rc;

	*series = (struct rq_series){ 0 };
	*err = (struct rq_err){ 0 };
	put("series/q.series", text);
	load_conf(&branches);
	rc = rq_series_load(series, ".", "q", &branches, err);
	rq_branches_release(&branches);
	return rc;
}

/* --- series files --- */

static void entries_come_in_order(void **state)
{
	struct rq_series series;
	struct rq_err err;

	(void)state;
	if (load(&series,
		 "# a comment\n\nq/1.patch\n  \t\n"
		 "q/2.patch -p0 -R # words of a human\n#q/absent.patch\n"
		 "q/sub/3.patch -R\t#-vendor\r\nq/r.cocci",
		 &err))
		fail_msg("%s", err.msg);
	assert_string_equal(series.name, "q");
	assert_string_equal(series.path, "./series/q.series");
	assert_int_equal(series.entries.n, 4);
	assert_string_equal(series.entries.v[0].path, "q/1.patch");
	assert_int_equal(series.entries.v[0].line, 3);
	assert_int_equal(series.entries.v[0].strip, 1);
	assert_false(series.entries.v[0].reverse);
	assert_int_equal(series.entries.v[1].line, 5);
	assert_int_equal(series.entries.v[1].strip, 0);
	assert_true(series.entries.v[1].reverse);
	assert_int_equal(series.entries.v[1].guards.n, 0);
	assert_true(series.entries.v[2].reverse);
	assert_int_equal(series.entries.v[2].guards.n, 1);
	assert_int_equal(series.entries.v[2].kind, RQ_ENTRY_PATCH);
	assert_string_equal(series.entries.v[3].path, "q/r.cocci");
	assert_int_equal(series.entries.v[3].kind, RQ_ENTRY_COCCI);
	rq_series_release(&series);
}

static void an_empty_series_is_one(void **state)
{
	struct rq_series series;
	struct rq_err err;

	(void)state;
	assert_int_equal(load(&series, "", &err), 0);
	assert_int_equal(series.entries.n, 0);
	rq_series_release(&series);
	assert_int_equal(load(&series, "# nothing yet\n\n", &err), 0);
	assert_int_equal(series.entries.n, 0);
	rq_series_release(&series);
}

static const struct {
	const char *text;
	int code;
	const char *place, *says;
} refused[] = {
	{ "q/absent.patch\n", RQ_EFORMAT, ":1: ", "patches/q/absent.patch" },
	{ "#\nq/absent.cocci\n", RQ_EFORMAT, ":2: ", "cocci/q/absent.cocci" },
	{ "q/1.patch\nq/2.patch\nq/1.patch\n", RQ_EFORMAT, ":3: ", "first on line 1" },
	{ "q/1.patch -p1 --dry-run\n", RQ_EFORMAT, ":1: ", "'--dry-run' is not allowed" },
	{ "q/1.patch -o/etc/passwd\n", RQ_EFORMAT,
	  ":1: ", "'-o/etc/passwd' is not allowed" },
	{ "q/1.patch -p\n", RQ_EFORMAT, ":1: ", "'-p' is not allowed" },
	{ "q/1.patch -px\n", RQ_EFORMAT, ":1: ", "'-px' is not allowed" },
	{ "q/1.patch q/2.patch\n", RQ_EFORMAT, ":1: ", "'q/2.patch' is not allowed" },
	{ "q/-1.patch\n", RQ_EUNSAFE, ":1: ", "begins with '-', '+' or '#'" },
	{ "q/#1.patch\n", RQ_EUNSAFE, ":1: ", "begins with '-', '+' or '#'" },
	{ "q/+x/1.patch\n", RQ_EUNSAFE, ":1: ", "begins with '-', '+' or '#'" },
	{ "../outside.patch\n", RQ_EUNSAFE, ":1: ", "'..' part" },
	{ "/etc/passwd\n", RQ_EUNSAFE, ":1: ", "is absolute" },
	{ "q/.git/1.patch\n", RQ_EUNSAFE, ":1: ", "'.git' part" },
	{ "q\\1.patch\n", RQ_EUNSAFE, ":1: ", "has a backslash" },
	{ " # indented\n", RQ_EFORMAT, ":1: ", "begin with a blank" },
	{ "\tq/1.patch\n", RQ_EFORMAT, ":1: ", "begin with a blank" },
	{ "+vendor q/1.patch\n", RQ_EFORMAT,
	  ":1: ", "'+vendor' stands where a name belongs" },
	{ "-p1 q/1.patch\n", RQ_EFORMAT, ":1: ", "'-p1' stands where a name belongs" },
	{ "q/readme.txt\n", RQ_EFORMAT, ":1: ", "ends in .patch or .cocci" },
	{ "q\n", RQ_EFORMAT, ":1: ", "ends in .patch or .cocci" },
	{ "q/folder.patch\n", RQ_EFORMAT, ":1: ", "is a folder" },
	{ "q/leads-out.patch\n", RQ_EUNSAFE, ":1: ", "leads out" },
	{ "q/dangling.patch\n", RQ_EFORMAT, ":1: ", "dangling.patch" },
	{ "q/has-variant.patch\n", RQ_EUNSAFE, ":1: ", "linux-6.1.y/has-variant.patch" },
	{ "q/1.patch #-lst\n", RQ_EFORMAT, ":1: ", "'lst' names no branch and no tag" },
	{ "q/1.patch #-lts oops\n", RQ_EFORMAT, ":1: ", "'oops' among the guards" },
	{ "q/1.patch #-lts +\n", RQ_EFORMAT, ":1: ", "'+' among the guards" },
	{ "q/1.patch #-v6.1x\n", RQ_EFORMAT, ":1: ", "no kernel version" },
	{ "q/1.patch #-v6.1..v6.2..v6.3\n", RQ_EFORMAT, ":1: ", "no kernel version" },
	{ "q/1.patch #-..\n", RQ_EFORMAT, ":1: ", "names no version" },
	{ "q/1.patch #-v6.1..v5.10\n", RQ_EFORMAT, ":1: ", "ends before it begins" },
};

static void what_could_harm_is_refused(void **state)
{
	(void)state;
	assert_int_equal(symlink("../../outside.patch", "patches/q/leads-out.patch"), 0);
	assert_int_equal(symlink("nowhere", "patches/q/dangling.patch"), 0);
	put("patches/q/folder.patch/x", "x");
	put("patches/q/has-variant.patch", "x");
	put("patches/q/linux-6.1.y/x", "x");
	assert_int_equal(symlink("../../../outside.patch",
				 "patches/q/linux-6.1.y/has-variant.patch"),
			 0);
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct rq_series series;
		struct rq_err err;
		int rc = load(&series, refused[i].text, &err);

		if (rc != refused[i].code)
			fail_msg("'%s': code %d: %s", refused[i].text, rc, err.msg);
		if (strncmp(err.msg, "./series/q.series", 17) != 0 ||
		    strncmp(err.msg + 17, refused[i].place, 3) != 0 ||
		    !strstr(err.msg, refused[i].says))
			fail_msg("'%s': says \"%s\"", refused[i].text, err.msg);
		rq_series_release(&series);
	}
}

static void a_nul_and_a_bad_queue_name_are_refused(void **state)
{
	static const char *const names[] = { "", "..", "../q", "a/b", ".git" };
	struct rq_series series = { 0 };
	struct rq_branches branches;
	struct rq_err err = { 0 };

	(void)state;
	load_conf(&branches);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(rq_series_load(&series, ".", names[i], &branches, &err),
				 RQ_EFORMAT);
	assert_int_equal(rq_series_load(&series, ".", "absent", &branches, &err),
			 RQ_EFORMAT);
	assert_non_null(strstr(err.msg, "series/absent.series: not there"));
	rq_series_release(&series);
	assert_int_equal(
		rq_file_write("series/q.series", RQ_SLICE("q/1.patch\0.patch\n"), &err),
		0);
	assert_int_equal(rq_series_load(&series, ".", "q", &branches, &err), RQ_EFORMAT);
	assert_non_null(strstr(err.msg, "q.series:1: "));
	rq_series_release(&series);
	rq_branches_release(&branches);
}

static void a_link_inside_is_fine(void **state)
{
	struct rq_series series;
	struct rq_err err;

	(void)state;
	assert_int_equal(symlink("1.patch", "patches/q/again.patch"), 0);
	assert_int_equal(load(&series, "q/again.patch\n", &err), 0);
	rq_series_release(&series);
}

static void expect_path(const struct rq_entry *entry, const char *branch,
			const char *expected)
{
	const struct rq_branch named = { .name = (char *)branch };
	_cleanup_free_ char *path =
		rq_series_patch_path(".", entry, branch ? &named : NULL);

	assert_string_equal(path, expected);
}

static void a_variant_stands_in_for_its_branch(void **state)
{
	struct rq_series series;
	struct rq_err err;

	(void)state;
	put("patches/q/linux-6.1.y/1.patch", "y");
	put("patches/q/sub/linux-6.1.y/3.patch", "y");
	put("cocci/q/vendor-6.1/r.cocci", "y");
	assert_int_equal(load(&series, "q/1.patch\nq/sub/3.patch\nq/r.cocci\n", &err), 0);
	expect_path(&series.entries.v[0], NULL, "./patches/q/1.patch");
	expect_path(&series.entries.v[0], "linux-6.1.y",
		    "./patches/q/linux-6.1.y/1.patch");
	expect_path(&series.entries.v[0], "linux-5.10.y", "./patches/q/1.patch");
	expect_path(&series.entries.v[1], "linux-6.1.y",
		    "./patches/q/sub/linux-6.1.y/3.patch");
	expect_path(&series.entries.v[2], "vendor-6.1", "./cocci/q/vendor-6.1/r.cocci");
	expect_path(&series.entries.v[2], "linux-6.1.y", "./cocci/q/r.cocci");
	rq_series_release(&series);
}

static void a_branch_like_another_has_its_guards_and_variants(void **state)
{
	struct rq_branch acme = { .name = "acme-6.1", .like = "linux-6.1.y" };
	_cleanup_free_ char *path = NULL, *own = NULL;
	const struct rq_guard *by;
	struct rq_series series;
	struct rq_err err;

	(void)state;
	put("patches/q/linux-6.1.y/1.patch", "y");
	assert_int_equal(
		load(&series, "q/1.patch #+linux-6.1.y\nq/2.patch #-linux-6.1.y\n", &err),
		0);
	path = rq_series_patch_path(".", &series.entries.v[0], &acme);
	assert_string_equal(path, "./patches/q/linux-6.1.y/1.patch");
	put("patches/q/acme-6.1/1.patch", "z");
	own = rq_series_patch_path(".", &series.entries.v[0], &acme);
	assert_string_equal(own, "./patches/q/acme-6.1/1.patch");
	assert_true(rq_entry_meant_for(&series.entries.v[0], &acme, NULL, &by));
	assert_false(rq_entry_meant_for(&series.entries.v[1], &acme, NULL, &by));
	acme.like = NULL;
	assert_false(rq_entry_meant_for(&series.entries.v[0], &acme, NULL, &by));
	assert_int_equal(unlink("patches/q/acme-6.1/1.patch"), 0);
	rq_series_release(&series);
}

static void a_foreign_queue_needs_no_branches(void **state)
{
	struct rq_series series = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	put("debian/patches/bugfix/all/fix.patch", "x");
	put("debian/patches/no-ending", "x");
	put("debian/patches/series", "# Debian's own\n\nbugfix/all/fix.patch #-anything "
				     "+goes here\nno-ending -p0 -R\n");
	if (rq_series_load_file(&series, "debian/patches/series", &err))
		fail_msg("%s", err.msg);
	assert_int_equal(series.entries.n, 2);
	assert_string_equal(series.entries.v[0].path, "bugfix/all/fix.patch");
	assert_int_equal(series.entries.v[0].guards.n, 0);
	assert_int_equal(series.entries.v[1].strip, 0);
	assert_true(series.entries.v[1].reverse);
	rq_series_release(&series);

	assert_int_equal(chdir("debian/patches"), 0);
	assert_int_equal(rq_series_load_file(&series, "series", &err), 0);
	rq_series_release(&series);
	put("series", "../../outside.patch\n");
	assert_int_equal(rq_series_load_file(&series, "series", &err), RQ_EUNSAFE);
	rq_series_release(&series);
	put("series", "no-ending -F3\n");
	assert_int_equal(rq_series_load_file(&series, "series", &err), RQ_EFORMAT);
	assert_non_null(strstr(err.msg, "series:1: "));
	rq_series_release(&series);
}

/* --- guards --- */

static const struct {
	const char *guards, *branch, *version, *by; /* by NULL: nothing decided */
	bool meant;
} meant[] = {
	{ "", "linux-6.1.y", "6.1.187", NULL, true },
	{ "#-linux-6.1.y", "linux-6.1.y", "6.1.187", "-linux-6.1.y", false },
	{ "#-linux-6.1.y", "linux-5.10.y", "5.10.262", NULL, true },
	{ "#-lts", "linux-5.10.y", "5.10.262", "-lts", false },
	{ "#+lts", "vendor-6.1", "6.1.187", NULL, false },
	{ "#+lts", "linux-6.1.y", "6.1.187", "+lts", true },
	{ "#-lts +pristine", "linux-6.1.y", "6.1.187", "+pristine", true },
	{ "#-lts +pristine", "linux-5.10.y", "5.10.262", "-lts", false },
	{ "#+pristine -lts", "linux-6.1.y", "6.1.187", "-lts", false },
	{ "#-v5.10", "linux-5.10.y", "5.10.262", "-v5.10", false },
	{ "#-v5.10", "linux-6.1.y", "6.1.187", NULL, true },
	{ "#-v4.4..v5.18 -vendor", "linux-5.10.y", "5.10.262", "-v4.4..v5.18", false },
	{ "#-v4.4..v5.18 -vendor", "vendor-6.1", "6.1.187", "-vendor", false },
	{ "#-v4.4..v5.18 -vendor", "linux-6.1.y", "6.1.187", NULL, true },
	{ "#+v6.1.100..", "linux-6.1.y", "6.1.187", "+v6.1.100..", true },
	{ "#+v6.1.100..", "linux-6.1.y", "6.1.99", NULL, false },
	{ "#-..v6.1", "linux-6.1.y", "6.1.187", "-..v6.1", false },
	{ "#-..v6.0", "linux-6.1.y", "6.1.187", NULL, true },
	{ "#-v6.1", "linux-6.1.y", NULL, NULL, true },
	{ "#+v6.1", "linux-6.1.y", NULL, NULL, false },
	{ "# lts is a word of a human", "vendor-6.1", "6.1", NULL, true },
	{ "# -lts", "linux-6.1.y", "6.1", "-lts", false },
	{ "#-lts # because", "linux-6.1.y", "6.1.187", "-lts", false },
};

static void guards_choose_branches(void **state)
{
	struct rq_branches branches;

	(void)state;
	load_conf(&branches);
	for (size_t i = 0; i < ARRAY_SIZE(meant); i++) {
		_cleanup_free_ char *line =
			rq_xasprintf("q/1.patch %s\n", meant[i].guards);
		_cleanup_free_ char *text = NULL;
		const struct rq_guard *by = NULL;
		struct rq_version version;
		struct rq_series series;
		struct rq_err err;

		if (load(&series, line, &err))
			fail_msg("%s", err.msg);
		if (meant[i].version)
			assert_int_equal(rq_version_parse(&version,
							  rq_slice_of(meant[i].version),
							  &err),
					 0);
		if (rq_entry_meant_for(&series.entries.v[0],
				       rq_branches_find(&branches, meant[i].branch),
				       meant[i].version ? &version : NULL,
				       &by) != meant[i].meant)
			fail_msg("'%s' on %s", meant[i].guards, meant[i].branch);
		text = by ? rq_guard_text(by) : NULL;
		assert_string_equal(text ? text : "", meant[i].by ? meant[i].by : "");
		rq_series_release(&series);
	}
	rq_branches_release(&branches);
}

/* --- versions --- */

static const struct {
	const char *version, *from, *to;
	bool in;
} ranges[] = {
	{ "6.7.12", "6.7", "6.7", true },
	{ "6.7.12", "v6.6", "v6.7", true },
	{ "6.8", "6.6", "6.7", false },
	{ "6.1.187", "6.1.187", "6.1.187", true },
	{ "6.1.188", "6.1", "6.1.187", false },
	{ "6.1.9", "6.1.10", "6.2", false },
	{ "5.4", "4.4", "5.18", true },
	{ "5.19", "4.4", "5.18", false },
	{ "6.1", "6.1.5", "6.2", false },
	{ "6.7.0-rc2", "6.7-rc1", "6.7-rc3", true },
	{ "6.7.0-rc4", "6.7-rc1", "6.7-rc3", false },
	{ "6.7.0", "6.7-rc1", "6.7-rc3", false },
	{ "6.7.0", "6.7-rc1", "6.8", true },
	{ "6.7.0-rc1", "6.7-rc2", "6.8", false },
	{ "6.7.0-rc2", "6.7-rc2", "6.8", true },
	{ "6.8.0-rc1", "6.7-rc2", "6.9", true },
	{ "6.6.0-rc3", "6.7-rc2", "6.9", false },
};

static void ranges_cover_the_parts_given(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
		struct rq_version v, from, to;
		struct rq_err err;

		assert_int_equal(
			rq_version_parse(&v, rq_slice_of(ranges[i].version), &err), 0);
		assert_int_equal(
			rq_version_parse(&from, rq_slice_of(ranges[i].from), &err), 0);
		assert_int_equal(rq_version_parse(&to, rq_slice_of(ranges[i].to), &err),
				 0);
		if (rq_version_in(&v, &from, &to) != ranges[i].in)
			fail_msg("%s in %s..%s", ranges[i].version, ranges[i].from,
				 ranges[i].to);
	}
}

static void what_is_no_version_is_refused(void **state)
{
	static const char *const bad[] = { "",	      "v",
					   "6.",      ".6",
					   "6..1",    "6.1-",
					   "6.1-rc",  "6.1-rc0",
					   "6.1-rt4", "6.1.2.3.4",
					   "vv6",     "6,1",
					   "-6.1",    "6.1234567890123" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct rq_version v;
		struct rq_err err = { 0 };

		if (rq_version_parse(&v, rq_slice_of(bad[i]), &err) != RQ_EFORMAT)
			fail_msg("'%s' was taken for a version", bad[i]);
		assert_non_null(strstr(err.msg, bad[i]));
	}
}

#define HEAD "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 2\nEXTRAVERSION =\n"

static const struct {
	const char *makefile, *version;
} makefiles[] = {
	{ "# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 187\nEXTRAVERSION =\nNAME = "
	  "X\n",
	  "6.1.187" },
	{ "VERSION = 6\nPATCHLEVEL = 7\nSUBLEVEL = 0\nEXTRAVERSION = -rc2\n",
	  "6.7.0-rc2" },
	{ "VERSION = 5\nPATCHLEVEL = 10\nSUBLEVEL = 3\nEXTRAVERSION = -vendor\n",
	  "5.10.3" },
	{ "VERSION=6\nPATCHLEVEL=12\n", "6.12.0" },
	{ "VERSION := 6\nPATCHLEVEL ::= 1\n SUBLEVEL = 2 # words\nexport EXTRAVERSION =\n"
	  "KERNELVERSION = $(VERSION)$(if $(SUBLEVEL),.$(SUBLEVEL))\nMY_VERSION = 9\n"
	  "export VERSION PATCHLEVEL\nall:\n\techo $(VERSION) VERSION\n"
	  "X = a \\\n\tb\n# VERSION = 9\n",
	  "6.1.2" },
	{ HEAD "$(version_h): private SUBLEVEL := $(or $(SUBLEVEL), 0)\nx: y\n\techo "
	       "VERSION=9\n",
	  "6.1.2" },
	/* Read to the last byte and no further. */
	{ "VERSION = 6\nPATCHLEVEL = 1\nEXTRAVERSION = -rc2", "6.1.0-rc2" },
	{ "VERSION = 6\nPATCHLEVEL = 1\nEXTRAVERSION = -rc", "6.1.0" },
	{ "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 12", "6.1.12" },
	{ HEAD "X = evaluate", "6.1.2" },
	{ HEAD "X = $(call $", NULL },
	{ HEAD "X = \\", "6.1.2" },
	{ HEAD "X = #", "6.1.2" },
	{ HEAD "all:", "6.1.2" },
	{ HEAD "all::", "6.1.2" },
	{ "VERSION\t=\t6\nPATCHLEVEL \t = 1\n", "6.1.0" },
	{ HEAD "A := ( # $(eval PATCHLEVEL=99)\n", "6.1.2" },
	{ HEAD "A := $(x) # $(eval PATCHLEVEL=99)\n", "6.1.2" },
	{ HEAD "A := ${x # $(eval PATCHLEVEL=99)}\n", NULL },
	{ HEAD "$(X)LEVEL ::= 9\n", NULL },
	{ HEAD "$(X:a=b)LEVEL = 9\n", NULL },
	{ HEAD "${X:a=b}LEVEL = 9\n", NULL },
	{ HEAD "X-$(Y:a=$(Z)LEVEL)-x = 9\n", "6.1.2" },
	{ HEAD "all:: $(X)LEVEL = 9\n", NULL },
	{ HEAD "$(X)NAME = 9\n", "6.1.2" },
	/* What make would take is not to be seen without make. */
	{ HEAD "VERSION = 9\n", NULL },
	{ HEAD "VERSION := 9\n", NULL },
	{ HEAD "override VERSION=9\n", NULL },
	{ HEAD "PATCHLEVEL += 9\n", NULL },
	{ HEAD "SUBLEVEL ?= 9\n", NULL },
	{ HEAD "  VERSION != echo 9\n", NULL },
	{ HEAD "$(eval VERSION := 9)\n", NULL },
	{ HEAD "$(X)VERSION = 9\n", NULL },
	{ HEAD "A := \\# $(eval PATCHLEVEL=99)\n", NULL },
	{ HEAD "A := $(if x,#,$(eval PATCHLEVEL=99))\n", NULL },
	{ HEAD "A := b # $(eval PATCHLEVEL=99)\n", "6.1.2" },
	{ HEAD "define A\n# $(eval PATCHLEVEL=99)\nendef\n$(A)\n", NULL },
	{ HEAD "define PATCHLEVEL:=\n9\nendef\n", NULL },
	{ HEAD "define PATCHLEVEL=\n9\nendef\n", NULL },
	{ HEAD "override define $(X)\n9\nendef\n", NULL },
	{ HEAD "undefine $(X)\n", NULL },
	{ HEAD "X := PATCHLEVEL:=99\n$(eval $X)\n", NULL },
	{ HEAD "X := PATCHLEVEL:=99\n", NULL },
	{ HEAD "$(foreach v,SUBLEVEL,$(eval $v=999))\n", NULL },
	{ HEAD "E = eval\n$(call $(E),SUBLEVEL=999)\n", NULL },
	{ HEAD "$(call $(E),$(Y))\n", NULL },
	{ HEAD "all:\n\t$(eval $(X))\n", NULL },
	{ HEAD "$(eval $(call config_filename,MODULE_SIG_KEY))\n", "6.1.2" },
	{ HEAD "$(eval $(call config_filename,$(X)))\n", NULL },
	{ HEAD "SUB$(n)LEVEL = 999\n", NULL },
	{ HEAD "SUB$nLEVEL = 999\n", NULL },
	{ HEAD "export $(X) := 999\n", NULL },
	{ HEAD "${X}LEVEL += 999\n", NULL },
	{ HEAD "$(X) VERSION = 9\n", NULL },
	{ HEAD "CFLAGS-$(X) = VERSION\nobj-$(VERSION) := x\n", "6.1.2" },
	{ HEAD "all: SUBLEVEL = 999\n", NULL },
	{ HEAD "all: private SUBLEVEL := 999\n", NULL },
	{ HEAD "all: $(X) = 999\n", NULL },
	{ HEAD "x: SUBLEVEL := $(if $(SUBLEVEL), $(SUBLEVEL), 0)\n", "6.1.2" },
	{ HEAD "x: SUBLEVEL := $(if $(SUBLEVEL), $(VERSION), 0)\n", NULL },
	{ HEAD "all: x\n\tVERSION=9 echo\nX = 1\n\tall: VERSION=9\n", NULL },
	{ HEAD ".RECIPEPREFIX = >\nall:\n\techo\n", NULL },
	{ HEAD "define VERSION\n9\nendef\n", NULL },
	{ HEAD "undefine VERSION\n", NULL },
	{ HEAD "X = a\\\n\nVERSION \\\n = 9\n", NULL },
	{ HEAD "ifdef X\nVERSION = 9\nendif\n", NULL },
	{ HEAD "ifdef X\nEXTRAVERSION = -rc1\nendif\n", NULL },
	{ "ifeq ($(X),y)\nVERSION = 6\nelse\nVERSION = 5\nendif\nPATCHLEVEL = 1\n",
	  NULL },
	{ "ifeq ($(X),y)\nVERSION = 6\nendif\nPATCHLEVEL = 1\n", NULL },
	{ "ifeq ($(X),y)\nX = 1\nendif\nVERSION = 6\nPATCHLEVEL = 1\n", "6.1.0" },
	{ "define X\nVERSION = 6\nendef\nPATCHLEVEL = 1\n", NULL },
	{ "X = \\\nVERSION = 6\nPATCHLEVEL = 1\n", NULL },
	{ "VERSION = 6\n", NULL },
	{ "all:\n\techo\n", NULL },
	{ "", NULL },
};

static void a_makefile_tells_its_version(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(makefiles); i++) {
		size_t n = strlen(makefiles[i].makefile);
		_cleanup_free_ char *text =
			memcpy(rq_xmalloc(n + !n), makefiles[i].makefile, n);
		_cleanup_free_ char *version =
			rq_version_of_makefile((struct rq_slice){ text, n });

		if (strcmp(version ? version : "none",
			   makefiles[i].version ? makefiles[i].version : "none") != 0)
			fail_msg("%s: %s", makefiles[i].makefile,
				 version ? version : "none");
	}
}

/* --- branches.conf --- */

static void branches_are_read_in_order(void **state)
{
	struct rq_branches branches;
	const struct rq_branch *branch;

	(void)state;
	put("series/branches.conf",
	    "[core]\n\trepository = ../linux.git\n\tcommitter = A Name <a@example.org>\n"
	    "[branch \"linux-6.1.y\"]\n\tref = refs/tags/v6.1\n\tversion = 6.1.187\n"
	    "\ttag = lts\n\ttag = x\n\tkconfig = x86_64_defconfig\n\tfragment = "
	    "ci/a+b.config\n\tcompile = mm\n\tcompile = kernel/events\n\tarch = "
	    "arm64\n\tsource = "
	    "linux-6.12.y\n"
	    "\tfuzz = 100\n"
	    "[branch \"b\"]\n\tref = stable/b\n[queue \"q\"]\n\tfuzz = 1\n");
	load_conf(&branches);
	assert_string_equal(branches.repository, "../linux.git");
	assert_string_equal(branches.committer, "A Name <a@example.org>");
	assert_int_equal(branches.all.n, 2);
	branch = &branches.all.v[0];
	assert_string_equal(branch->ref, "refs/tags/v6.1");
	assert_string_equal(branch->version, "6.1.187");
	assert_int_equal(branch->tags.n, 2);
	assert_string_equal(branch->tags.v[1], "x");
	assert_string_equal(branch->kconfig, "x86_64_defconfig");
	assert_int_equal(branch->fragments.v.n, 1);
	assert_string_equal(branch->fragments.v.v[0], "ci/a+b.config");
	assert_int_equal(branch->compile.v.n, 2);
	assert_string_equal(branch->compile.v.v[1], "kernel/events");
	assert_string_equal(branch->arch, "arm64");
	assert_string_equal(branch->source, "linux-6.12.y");
	assert_int_equal(rq_branches_fuzz(&branches, "q", branch), 100);
	branch = rq_branches_find(&branches, "b");
	assert_string_equal(branch->ref, "refs/heads/stable/b");
	assert_string_equal(branch->arch, "x86_64");
	assert_null(branch->version);
	assert_int_equal(rq_branches_fuzz(&branches, "q", branch), 1);
	assert_int_equal(rq_branches_fuzz(&branches, "other", branch), 0);
	assert_null(rq_branches_find(&branches, "absent"));
	rq_branches_release(&branches);
}

static void what_is_not_set_has_a_default(void **state)
{
	struct rq_branches branches;

	(void)state;
	load_conf(&branches);
	assert_null(branches.repository);
	assert_non_null(branches.committer);
	assert_string_equal(branches.all.v[0].ref, "refs/heads/linux-5.10.y");
	assert_null(branches.all.v[0].source);
	assert_int_equal(rq_branches_fuzz(&branches, "q", &branches.all.v[0]), 0);
	rq_branches_release(&branches);
}

static const struct {
	const char *text, *says;
} bad_conf[] = {
	{ "[core]\n\trepo = x\n", "core.repo" },
	{ "[core]\n\tcommitter = nobody\n", "core.committer" },
	{ "[branch \"a\"]\n\ttags = x\n", "branch.a.tags" },
	{ "[branch \"a\"]\n\ttag = a b\n", "branch.a.tag" },
	{ "[branch \"a\"]\n\tversion = six\n", "branch.a.version" },
	{ "[branch \"a\"]\n\tfuzz = few\n", "branch.a.fuzz" },
	{ "[branch \"a\"]\n\tfuzz = -1\n", "branch.a.fuzz" },
	{ "[branch \"a\"]\n\tref = refs/heads/a..b\n", "branch.a.ref" },
	{ "[branch \"a/b\"]\n\ttag = x\n", "a/b" },
	{ "[branch \"..\"]\n\ttag = x\n", "\"..\"" },
	{ "[branch \"-x\"]\n\ttag = x\n", "-x" },
	{ "[branch \"x.lock\"]\n\ttag = x\n", "x.lock" },
	{ "[branch \"x.\"]\n\ttag = x\n", "x." },
	{ "[branch \".git\"]\n\ttag = x\n", ".git" },
	{ "[branch]\n\ttag = x\n", "branch.tag" },
	{ "[queue \"q\"]\n\tfuzzy = 1\n", "queue.q.fuzzy" },
	{ "[other]\n\tkey = 1\n", "other.key" },
	{ "[branch \"a\"]\n\tkconfig = \"CC=x;config\"\n",
	  "branch.a.kconfig: 'CC=x;config' is no make target" },
	{ "[branch \"a\"]\n\tkconfig = a config\n",
	  "branch.a.kconfig: 'a config' is no make target" },
	{ "[branch \"a\"]\n\tkconfig = onfig\n",
	  "branch.a.kconfig: 'onfig' is no make target" },
	{ "[branch \"a\"]\n\tkconfig = _config\n",
	  "branch.a.kconfig: '_config' is no make target" },
	{ "[branch \"a\"]\n\tkconfig = configs\n",
	  "branch.a.kconfig: 'configs' is no make target" },
	{ "[branch \"a\"]\n\tfragment = -x\n",
	  "branch.a.fragment: '-x' is no plain path" },
	{ "[branch \"a\"]\n\tfragment = \"a;b\"\n",
	  "branch.a.fragment: 'a;b' is no plain path" },
	{ "[branch \"a\"]\n\tcompile = ../mm\n",
	  "branch.a.compile: '../mm' is no plain path" },
	{ "[branch \"a\"]\n\tcompile = /mm\n",
	  "branch.a.compile: '/mm' is no plain path" },
	{ "[branch \"a\"]\n\tfuzz = 1x\n", "branch.a.fuzz: takes a number from 0 to " },
	{ "[branch \"a\"]\n\tfuzz = 101\n", "branch.a.fuzz: takes a number from 0 to " },
	{ "[branch \"a\"]\n\tarch = a/b\n", "branch.a.arch: 'a/b' is no architecture" },
	{ "[branch \"a\"]\n\tcross = gcc\n", "branch.a.cross: 'gcc' is not what a" },
	{ "[branch \"a\"]\n\tcross = a/b-\n", "branch.a.cross: 'a/b-' is not what a" },
	{ "[branch \"a\"]\n\taccel = hvf\n",
	  "branch.a.accel: 'hvf' is none of kvm, tcg and auto" },
	{ "[branch \"a\"]\n\tboot = maybe\n",
	  "branch.a.boot: 'maybe' is neither yes nor no" },
	{ "[branch \"a\"]\n\tlike = b\n",
	  "branch.a.like: 'b' is no branch of this file" },
	{ "[branch \"a\"]\n\tlike = a\n", "branch.a.like: 'a' is the branch itself" },
	{ "[branch \"a\"]\n\tlike = b\n[branch \"b\"]\n\tlike = c\n[branch \"c\"]\n"
	  "\ttag = x\n",
	  "branch.a.like: 'b' is like another itself" },
	{ "[queue \"a\"]\n\tfuzz = few\n", "queue.a.fuzz" },
	{ "[core]\n\tcommitter = A Name <a@example.org> x\n", "core.committer" },
	{ "[core]\n\tcommitter = A Name <a@b> <c@d>\n", "core.committer" },
	{ "[core]\n\tcommitter = <a@example.org>\n", "core.committer" },
	{ "[core]\n\tcommitter = \" <a@example.org>\"\n", "core.committer" },
	{ "[core]\n\tcommitter = A<a@example.org>\n", "core.committer" },
	{ "[core]\n\tcommitter = \" A <a@example.org>\"\n", "core.committer" },
	{ "[core]\n\tcommitter = A Name <>\n", "core.committer" },
	{ "[core]\n\tcommitter = A\\tName <a@example.org>\n", "core.committer" },
	{ "[core]\n\tcommitter = A\x7f <a@example.org>\n", "core.committer" },
	{ "[core]\n\tcommitter = A Name >a@example.org<\n", "core.committer" },
	{ "[branch \"a\"\n\ttag = x\n", "branches.conf" },
};

static void bad_keys_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_conf); i++) {
		struct rq_branches branches = { 0 };
		struct rq_err err = { 0 };

		put("series/branches.conf", bad_conf[i].text);
		if (rq_branches_load(&branches, "series/branches.conf", &err) !=
		    RQ_EFORMAT)
			fail_msg("'%s' was let through", bad_conf[i].text);
		if (!strstr(err.msg, "branches.conf") ||
		    !strstr(err.msg, bad_conf[i].says))
			fail_msg("'%s': says \"%s\"", bad_conf[i].text, err.msg);
		rq_branches_release(&branches);
	}
}

static void how_a_branch_is_built_and_booted(void **state)
{
	static const char *const known[] = { "auto", "kvm", "tcg" };
	struct rq_branches branches = { 0 };
	const struct rq_branch *a, *b;
	struct rq_err err = { 0 };

	(void)state;
	put("series/branches.conf",
	    "[branch \"a\"]\n\tarch = arm64\n\tcross = aarch64-linux-gnu-\n\taccel = "
	    "tcg\n"
	    "\tboot = yes\n\tupstream = v6.1\n[branch \"b\"]\n\tboot = no\n\tlike = a\n");
	assert_int_equal(rq_branches_load(&branches, "series/branches.conf", &err), 0);
	a = rq_branches_find(&branches, "a");
	b = rq_branches_find(&branches, "b");
	assert_string_equal(a->arch, "arm64");
	assert_string_equal(a->cross, "aarch64-linux-gnu-");
	assert_string_equal(a->accel, "tcg");
	assert_string_equal(a->upstream, "v6.1");
	assert_true(a->boot);
	assert_null(a->like);
	assert_false(b->boot);
	assert_string_equal(b->like, "a");
	assert_null(b->accel);
	rq_branches_release(&branches);
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		assert_true(rq_accel_known(known[i]));
	assert_false(rq_accel_known("hvf"));
	assert_false(rq_accel_known(""));
}

static void a_missing_conf_is_told_apart(void **state)
{
	struct rq_branches branches = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	assert_int_equal(rq_branches_load(&branches, "absent.conf", &err), RQ_ENOTFOUND);
	rq_branches_release(&branches);
}

/* A folder where the file should be cannot be read, by root neither. */
static void what_cannot_be_read_is_told(void **state)
{
	struct rq_branches branches = { 0 };
	struct rq_series series = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	assert_int_equal(rq_dir_make("series/folder.series", &err), 0);
	assert_int_equal(rq_series_load(&series, ".", "folder", &branches, &err), RQ_EIO);
	assert_non_null(strstr(err.msg, "folder.series"));
	rq_series_release(&series);
	assert_int_equal(rq_series_load_file(&series, "series/folder.series", &err),
			 RQ_EIO);
	assert_non_null(strstr(err.msg, "folder.series"));
	rq_series_release(&series);
	assert_int_equal(rq_branches_load(&branches, "series/folder.series", &err),
			 RQ_EIO);
	assert_non_null(strstr(err.msg, "folder.series"));
	rq_branches_release(&branches);
}

static int start(void **state)
{
	(void)state;
	rq_git_init();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	rq_git_shutdown();
	return 0;
}

#define in_queue(test) cmocka_unit_test_setup_teardown(test, enter_queue, leave_queue)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_queue(entries_come_in_order),
		in_queue(an_empty_series_is_one),
		in_queue(what_could_harm_is_refused),
		in_queue(a_nul_and_a_bad_queue_name_are_refused),
		in_queue(a_link_inside_is_fine),
		in_queue(a_variant_stands_in_for_its_branch),
		in_queue(a_branch_like_another_has_its_guards_and_variants),
		in_queue(a_foreign_queue_needs_no_branches),
		in_queue(guards_choose_branches),
		cmocka_unit_test(ranges_cover_the_parts_given),
		cmocka_unit_test(what_is_no_version_is_refused),
		cmocka_unit_test(a_makefile_tells_its_version),
		in_queue(branches_are_read_in_order),
		in_queue(what_is_not_set_has_a_default),
		in_queue(bad_keys_are_named),
		in_queue(how_a_branch_is_built_and_booted),
		in_queue(a_missing_conf_is_told_apart),
		in_queue(what_cannot_be_read_is_told),
	};

	return cmocka_run_group_tests_name("series", tests, start, stop);
}
