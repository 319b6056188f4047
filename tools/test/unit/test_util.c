// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paths, files and options: what is refused counts as much as what works.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/map.h"
#include "util/markers.h"
#include "util/mem.h"
#include "util/opt.h"
#include "util/clean.h"
#include "util/path.h"

/* --- paths --- */

static const struct {
	const char *path, *why;
} paths[] = {
	{ "mm/rmap.c", NULL },
	{ "a", NULL },
	{ "name with blanks/x y.c", NULL },
	{ ".gitignore", NULL },
	{ ".github/x", NULL },
	{ "x.git/y", NULL },
	{ "...", NULL },
	{ "git~2/x", NULL },
	{ "caf\xc3\xa9.c", NULL },
	{ "", "is empty" },
	{ "/etc/passwd", "is absolute" },
	{ "a//b", "has an empty part" },
	{ "a/", "has an empty part" },
	{ "./a", "has a '.' part" },
	{ "a/./b", "has a '.' part" },
	{ "..", "has a '..' part" },
	{ "a/../b", "has a '..' part" },
	{ "a/..", "has a '..' part" },
	{ ".git/config", "has a '.git' part" },
	{ "a/.GIT", "has a '.git' part" },
	{ ".git. . /x", "has a '.git' part" },
	{ ".git:x/y", "has a '.git' part" },
	{ ".git::$INDEX_ALLOCATION/x", "has a '.git' part" },
	{ "GIT~1/hooks", "has a '.git' part" },
	{ "git~1.", "has a '.git' part" },
	{ ".g\xe2\x80\x8cit/x", "has a '.git' part" },
	{ "\xef\xbb\xbf.git", "has a '.git' part" },
	{ "a\\b", "has a backslash" },
	{ "a\nb", "has a control character" },
	{ "a\x7f", "has a control character" },
	{ "a\xc2\x9b", "has a control character" },
	{ "\xe2\x80\xae"
	  "c.x",
	  "has a control character" },
	{ "a\xe2\x80\x8b.c", "has a control character" },
	{ "a\xe3\x85\xa4.c", "has a control character" },
	{ "a\xf3\xa0\x81\xa3.c", "has a control character" },
	{ "latin\xe9.c", NULL },
};

static void paths_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const char *why = rq_path_unsafe(rq_slice_of(paths[i].path));

		if (paths[i].why && !why)
			fail_msg("'%s' was let through", paths[i].path);
		if (!paths[i].why && why)
			fail_msg("'%s' %s", paths[i].path, why);
		if (why)
			assert_string_equal(why, paths[i].why);
	}
}

static void a_nul_and_a_long_path_are_refused(void **state)
{
	char longest[4096];

	(void)state;
	assert_non_null(rq_path_unsafe((struct rq_slice){ "a\0b", 3 }));
	memset(longest, 'x', sizeof(longest));
	assert_null(rq_path_unsafe((struct rq_slice){ longest, 255 }));
	assert_string_equal(rq_path_unsafe((struct rq_slice){ longest, 256 }),
			    "has a part that is too long");
	for (size_t i = 100; i < sizeof(longest); i += 100)
		longest[i] = '/';
	assert_null(rq_path_unsafe((struct rq_slice){ longest, 4095 }));
	assert_string_equal(rq_path_unsafe((struct rq_slice){ longest, 4096 }),
			    "is too long");
}

static void characters_are_judged(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		bool steers;
	} rows[] = {
		{ "a", 1, false },
		{ "\x1b[31m", 1, true },
		{ "\x7f", 1, true },
		{ "\xc3\xa9", 2, false },
		{ "\xc2\x9b", 2, true },
		{ "\xe2\x80\xae", 3, true },
		{ "\xe2\x82\xac", 3, false },
		{ "\xed\xa0\x80", 3, true },
		{ "\xf0\x9f\x90\xa7", 4, false },
		/* joiner, Hangul filler, variation, annotation, musical, tag, beyond a tag */
		{ "\xcd\x8f", 2, true },
		{ "\xe3\x85\xa4", 3, true },
		{ "\xef\xb8\x8f", 3, true },
		{ "\xef\xbf\xbb", 3, true },
		{ "\xf0\x9d\x85\xb3", 4, true },
		{ "\xf3\xa0\x81\xa3", 4, true },
		{ "\xf3\xa1\x80\x80", 4, false },
		{ "\x9b", 0, false },
		{ "\xc3", 0, false },
		{ "\xc0\xaf", 0, false },
		{ "\xe0\x80\xaf", 0, false },
		{ "\xf7\xbf\xbf\xbf", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool steers;

		assert_int_equal(rq_char_length(rq_slice_of(rows[i].text), &steers),
				 rows[i].n);
		assert_int_equal(steers, rows[i].steers);
	}
}

static void paths_are_joined(void **state)
{
	_cleanup_free_ char *plain = rq_path_join("a", "b"),
			    *slash = rq_path_join("/", "b"),
			    *empty = rq_path_join("a/", "b/c");

	(void)state;
	assert_string_equal(plain, "a/b");
	assert_string_equal(slash, "/b");
	assert_string_equal(empty, "a/b/c");
	assert_string_equal(rq_path_base("a/b/c"), "c");
	assert_string_equal(rq_path_base("c"), "c");
	assert_string_equal(rq_path_base("a/"), "");
}

static void a_path_has_a_parent(void **state)
{
	static const char *const cases[][2] = {
		{ "a/b/c", "a/b" }, { "a/b", "a" }, { "b", "." },
		{ "/b", "/" },	    { "a/", "a" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *parent = rq_path_parent(cases[i][0]);

		assert_string_equal(parent, cases[i][1]);
	}
}

/* --- maps --- */

#define MANY 5000

static void a_map_finds_what_was_put(void **state)
{
	static char keys[MANY][8];
	struct rq_map map = { 0 };
	char key[8] = "1";

	(void)state;
	assert_null(rq_map_get(&map, key));
	for (size_t i = 0; i < MANY; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%zu", i);
		assert_null(rq_map_put(&map, keys[i], keys[i]));
	}
	assert_int_equal(map.n, MANY);
	for (size_t i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "%zu", i);
		assert_ptr_equal(rq_map_get(&map, key), keys[i]);
	}
	assert_null(rq_map_get(&map, "5000"));
	assert_ptr_equal(rq_map_put(&map, keys[1], keys[2]), keys[1]);
	assert_ptr_equal(rq_map_get(&map, "1"), keys[2]);
	assert_int_equal(map.n, MANY);
	rq_map_release(&map);
	assert_null(rq_map_get(&map, "1"));
}

/* --- files, in a folder of the test's own --- */

static int enter_folder(void **state)
{
	char name[] = "/tmp/requilt-test-XXXXXX";

	if (!mkdtemp(name) || chdir(name) < 0)
		return -1;
	*state = rq_xstrdup(name);
	return 0;
}

static int leave_folder(void **state)
{
	struct rq_err err;
	int rc = chdir("/") || rq_dir_remove(*state, &err);

	free(*state);
	return rc;
}

static void put(const char *path, const char *text)
{
	struct rq_err err = { 0 };

	if (rq_file_write(path, rq_slice_of(text), &err))
		fail_msg("%s", err.msg);
}

static void expect_text(const char *path, const char *text)
{
	struct rq_err err = { 0 };
	struct rq_str bytes = { 0 };

	if (rq_file_read(&bytes, path, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(bytes.len, strlen(text));
	assert_string_equal(bytes.s, text);
	rq_str_release(&bytes);
}

static void files_come_back_as_written(void **state)
{
	struct rq_err err = { 0 };
	struct rq_str bytes = { 0 };

	(void)state;
	put("f", "first\n");
	put("f", "second\n");
	expect_text("f", "second\n");
	put("f", "");
	expect_text("f", "");
	rq_str_adds(&bytes, "kept ");
	put("f", "and added");
	assert_int_equal(rq_file_read(&bytes, "f", &err), 0);
	assert_string_equal(bytes.s, "kept and added");
	rq_str_release(&bytes);
}

static void a_large_file_is_read_whole(void **state)
{
	struct rq_str out = { 0 }, back = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	for (int i = 0; i < 100000; i++)
		rq_str_addf(&out, "line %d\n", i);
	assert_int_equal(rq_file_write("large", rq_str_slice(&out), &err), 0);
	assert_int_equal(rq_file_read(&back, "large", &err), 0);
	assert_true(rq_slice_eq(rq_str_slice(&out), rq_str_slice(&back)));
	rq_str_release(&out);
	rq_str_release(&back);
}

static void unreadable_files_say_why(void **state)
{
	struct rq_err err = { 0 };
	struct rq_str bytes = { 0 };

	(void)state;
	assert_int_equal(rq_file_read(&bytes, "absent", &err), RQ_ENOTFOUND);
	assert_int_equal(err.code, RQ_ENOTFOUND);
	assert_non_null(strstr(err.msg, "absent: "));
	put("f", "x");
	assert_int_equal(rq_file_read(&bytes, "f/under", &err), RQ_ENOTFOUND);
	assert_int_equal(rq_file_read(&bytes, ".", &err), RQ_EIO);
	assert_int_equal(rq_file_write("no/such/folder", RQ_SLICE("x"), &err), RQ_EIO);
	assert_non_null(strstr(err.msg, "no/such/folder"));
	rq_str_release(&bytes);
}

static void folders_are_made_and_removed(void **state)
{
	struct rq_err err = { 0 };

	(void)state;
	assert_int_equal(rq_dir_make("a/b/c", &err), 0);
	assert_int_equal(rq_dir_make("a/b/c", &err), 0);
	assert_true(rq_file_is_dir("a/b/c"));
	put("a/b/file", "x");
	assert_int_not_equal(rq_dir_make("a/b/file", &err), 0);
	assert_int_not_equal(rq_dir_make("a/b/file/under", &err), 0);
	assert_int_equal(rq_dir_remove("a", &err), 0);
	assert_false(rq_file_exists("a"));
	assert_int_equal(rq_dir_remove("a", &err), 0);
}

static void removal_stops_at_links(void **state)
{
	struct rq_err err = { 0 };

	(void)state;
	assert_int_equal(rq_dir_make("keep", &err), 0);
	assert_int_equal(rq_dir_make("gone", &err), 0);
	put("keep/file", "kept");
	assert_int_equal(symlink("../keep", "gone/link"), 0);
	assert_int_equal(symlink("nowhere", "gone/dangling"), 0);
	assert_int_equal(mkfifo("gone/fifo", 0600), 0);
	assert_int_equal(rq_dir_remove("gone", &err), 0);
	assert_false(rq_file_exists("gone"));
	expect_text("keep/file", "kept");
}

static void folders_change_places(void **state)
{
	struct rq_err err = { 0 };

	(void)state;
	assert_int_equal(rq_dir_make("one", &err), 0);
	put("one/f", "one");
	assert_int_equal(rq_dir_exchange("one", "place", &err), 0);
	expect_text("place/f", "one");
	assert_int_equal(rq_dir_make("two", &err), 0);
	put("two/g", "two");
	assert_int_equal(rq_dir_exchange("two", "place", &err), 0);
	expect_text("place/g", "two");
	assert_false(rq_file_exists("place/f"));
	assert_false(rq_file_exists("two"));
	assert_int_equal(rq_dir_exchange("absent", "place", &err), RQ_EIO);
	expect_text("place/g", "two");
}

/* --- options --- */

static struct {
	bool flag, other;
	const char *text, *maybe;
	long number;
} got;

static const struct rq_opt first[] = {
	{ "flag", 'f', RQ_OPT_FLAG, NULL, "a flag", &got.flag },
	{ "number", 'n', RQ_OPT_NUMBER, "N", "a number", &got.number },
	{ 0 },
};
static const struct rq_opt second[] = {
	{ "other", 'o', RQ_OPT_FLAG, NULL, "another flag", &got.other },
	{ "text", 0, RQ_OPT_STRING, "TEXT", "some text", &got.text },
	{ 0 },
};
static const struct rq_opt third[] = {
	{ "maybe", 'm', RQ_OPT_MAYBE, NULL, "a flag that may say more", &got.maybe },
	{ 0 },
};
static const struct rq_opt *const tables[] = { first, second, third, NULL };

/* Parses words parted by blanks; the words that stay behind come back joined by commas.
 */
static int parse(const char *line, char *left, struct rq_err *err)
{
	static char copy[256];
	char *argv[16], *rest = copy;
	int argc = 0, rc;

	memset(&got, 0, sizeof(got));
	snprintf(copy, sizeof(copy), "%s", line);
	while ((argv[argc] = strsep(&rest, " ")))
		argc++;
	rc = rq_opt_parse(tables, &argc, argv, err);
	left[0] = '\0';
	for (int i = 0; i < argc && !rc; i++) {
		strcat(left, i ? "," : "");
		strcat(left, argv[i]);
	}
	return rc;
}

static void every_spelling_is_known(void **state)
{
	struct rq_err err = { 0 };
	char left[256];

	(void)state;
	assert_int_equal(parse("a --flag --number=4 --text t b", left, &err), 0);
	assert_true(got.flag && !got.other && got.number == 4);
	assert_string_equal(got.text, "t");
	assert_string_equal(left, "a,b");
	assert_int_equal(parse("-fo -n7 a - b", left, &err), 0);
	assert_true(got.flag && got.other && got.number == 7);
	assert_string_equal(left, "a,-,b");
	assert_int_equal(parse("-fn 12 --text= x", left, &err), 0);
	assert_true(got.flag && got.number == 12);
	assert_string_equal(got.text, "");
	assert_int_equal(parse("--text --flag", left, &err), 0);
	assert_string_equal(got.text, "--flag");
	assert_int_equal(parse("-f -- -o --text", left, &err), 0);
	assert_false(got.other);
	assert_string_equal(left, "-o,--text");
}

static void a_value_may_be_left_out(void **state)
{
	struct rq_err err = { 0 };
	char left[256];

	(void)state;
	assert_int_equal(parse("a", left, &err), 0);
	assert_null(got.maybe);
	assert_int_equal(parse("--maybe a", left, &err), 0);
	assert_string_equal(got.maybe, "");
	assert_string_equal(left, "a");
	assert_int_equal(parse("--maybe=x a", left, &err), 0);
	assert_string_equal(got.maybe, "x");
	assert_int_equal(parse("-mf a", left, &err), 0);
	assert_string_equal(got.maybe, "");
	assert_true(got.flag);
	assert_int_equal(rq_opt_words(third, "--maybe"), 1);
	assert_int_equal(rq_opt_words(second, "--text"), 2);
}

static const struct {
	const char *line, *says;
} wrong[] = {
	{ "--foo", "unknown option '--foo'; see 'requilt --help'" },
	{ "--foo=1", "unknown option '--foo'; see 'requilt --help'" },
	{ "--fla", "unknown option '--fla'" },
	{ "--flags", "unknown option '--flags'" },
	{ "-fx", "unknown option '-x'; see 'requilt --help'" },
	{ "--flag=1", "'--flag' takes no value" },
	{ "--number", "'--number' needs N" },
	{ "-n", "'--number' needs N" },
	{ "--number x", "whole number, not 'x'" },
	{ "--number -1", "whole number, not '-1'" },
	{ "-n+1", "whole number, not '+1'" },
	{ "-n4k", "whole number, not '4k'" },
	{ "--number=", "whole number, not ''" },
	{ "--number 99999999999999999999", "whole number" },
};

static void wrong_options_are_named(void **state)
{
	char left[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct rq_err err = { 0 };

		if (parse(wrong[i].line, left, &err) != RQ_EUSAGE)
			fail_msg("'%s' was let through", wrong[i].line);
		if (!strstr(err.msg, wrong[i].says))
			fail_msg("'%s': says \"%s\"", wrong[i].line, err.msg);
	}
}

static void help_has_a_line_for_each(void **state)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	rq_opt_help(first, out);
	rq_opt_help(second, out);
	fclose(out);
	assert_non_null(strstr(text, "  -f, --flag"));
	assert_non_null(strstr(text, "  -n, --number N "));
	assert_non_null(strstr(text, "      --text TEXT "));
	assert_non_null(strstr(text, " another flag\n"));
	free(text);
}

static void markers_are_three_lines_in_order(void **state)
{
	static const struct {
		const char *text;
		long line;
	} cases[] = {
		{ "", 0 },
		{ "a\n<<<<<<< x\nb\n=======\nc\n>>>>>>> y\n", 2 },
		{ "<<<<<<< x\nb\n||||||| o\n=======\r\n>>>>>>> y", 1 },
		{ "<<<<<<< x\n>>>>>>> y\n=======\n", 0 },
		{ "=======\n<<<<<<< x\n>>>>>>> y\n", 0 },
		{ " <<<<<<< x\n=======\n>>>>>>> y\n", 0 },
		{ "<<<<<<<x\n=======\n>>>>>>> y\n", 0 },
		{ "Title\n=======\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(rq_markers_find(rq_slice_of(cases[i].text)),
				 cases[i].line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_judged),
		cmocka_unit_test(a_nul_and_a_long_path_are_refused),
		cmocka_unit_test(characters_are_judged),
		cmocka_unit_test(paths_are_joined),
		cmocka_unit_test(a_path_has_a_parent),
		cmocka_unit_test(a_map_finds_what_was_put),
		cmocka_unit_test_setup_teardown(files_come_back_as_written, enter_folder,
						leave_folder),
		cmocka_unit_test_setup_teardown(a_large_file_is_read_whole, enter_folder,
						leave_folder),
		cmocka_unit_test_setup_teardown(unreadable_files_say_why, enter_folder,
						leave_folder),
		cmocka_unit_test_setup_teardown(folders_are_made_and_removed,
						enter_folder, leave_folder),
		cmocka_unit_test_setup_teardown(removal_stops_at_links, enter_folder,
						leave_folder),
		cmocka_unit_test_setup_teardown(folders_change_places, enter_folder,
						leave_folder),
		cmocka_unit_test(every_spelling_is_known),
		cmocka_unit_test(a_value_may_be_left_out),
		cmocka_unit_test(wrong_options_are_named),
		cmocka_unit_test(help_has_a_line_for_each),
		cmocka_unit_test(markers_are_three_lines_in_order),
	};

	return cmocka_run_group_tests_name("util", tests, NULL, NULL);
}
