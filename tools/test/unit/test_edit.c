// SPDX-License-Identifier: GPL-2.0-only
/*
 * Edits of a series that a maintainer wrote.
 */
#include "scratch.h"

#include "series/series.h"

/* Every byte that is not meant stays. */
static void guards_are_added(void **state)
{
	static const char *const lines[][2] = {
		{ "q/1.patch", "q/1.patch #-x" },
		{ "q/1.patch -p0", "q/1.patch -p0 #-x" },
		{ "q/1.patch  #words", "q/1.patch  #-x #words" },
		{ "q/1.patch\t# words", "q/1.patch\t#-x # words" },
		{ "q/1.patch #", "q/1.patch #-x #" },
		{ "q/1.patch #+a", "q/1.patch #+a -x" },
		{ "q/1.patch # -a +b", "q/1.patch # -a +b -x" },
		{ "q/1.patch #+a # words", "q/1.patch #+a -x # words" },
		{ "q/a#b.patch", "q/a#b.patch #-x" },
	};
	static const char *const ends[] = { "\n", "\r\n", "" };

	struct scratch *s = *state;
	char *path = rq_xasprintf("%s/q.series", s->dir);

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		for (size_t k = 0; k < ARRAY_SIZE(ends); k++) {
			_cleanup_free_ char *text =
				rq_xasprintf("# one\n%s%s", lines[i][0], ends[k]);
			_cleanup_free_ char *want =
				rq_xasprintf("# one\n%s%s", lines[i][1], ends[k]);
			_cleanup_(rq_str_release) struct rq_str have = { 0 };

			write_file(s, "q.series", text, strlen(text));
			assert_ok(s, rq_series_add_guard(path, 2, "-x", &s->err));
			assert_ok(s, rq_file_read(&have, path, &s->err));
			assert_string_equal(have.s, want);
		}
	free(path);
}

static void lines_are_put_in(void **state)
{
	static const struct {
		const char *bytes, *lines, *want;
		long number;
	} samples[] = {
		{ "a\nb\n", "x\n", "x\na\nb\n", 0 },
		{ "a\nb\n", "x\n", "a\nx\nb\n", 1 },
		{ "a\nb\n", "x\n", "a\nb\nx\n", 2 },
		{ "a\nb\n", "x\n", "a\nb\nx\n", -1 },
		{ "a\nb\n", "x\n", "a\nb\n", 3 },
		{ "a\nb", "x\n", "a\nb\nx\n", -1 },
		{ "a\nb", "x\n", "a\nb\nx\n", 2 },
		{ "a\nb", "", "a\nb", -1 },
		{ "", "x\n", "x\n", -1 },
		{ "", "x\n", "x\n", 0 },
		{ "", "x\n", "", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_str have = { 0 };

		rq_series_insert(&have, rq_slice_of(samples[i].bytes), samples[i].number,
				 rq_slice_of(samples[i].lines));
		if (!rq_slice_eq(rq_str_slice(&have), rq_slice_of(samples[i].want)))
			fail_msg("sample %zu: %s", i, have.s ? have.s : "");
		rq_str_release(&have);
	}
}

static void a_line_is_renewed(void **state)
{
	static const char *const samples[][3] = {
		{ "q/1.patch -p0 # words\r\n", " -p0", "q/1.patch -p0 # words\r\n" },
		{ "q/1.patch  -p0   # words\n", " -p0", "q/1.patch  -p0   # words\n" },
		{ "q/1.patch -p0 # words\n", "", "q/1.patch # words\n" },
		{ "q/1.patch\n", " -p2 -R", "q/1.patch -p2 -R\n" },
		{ "q/1.patch #+a\r\n", " #-b", "q/1.patch #-b\r\n" },
		{ "q/1.patch", " -R # new", "q/1.patch -R # new" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		_cleanup_free_ char *bytes = rq_xasprintf("one\n%s", samples[i][0]);
		_cleanup_free_ char *want = rq_xasprintf("one\n%s", samples[i][2]);
		_cleanup_(rq_str_release) struct rq_str have = { 0 };

		rq_series_renew(&have, rq_slice_of(bytes), 2, samples[i][1]);
		assert_string_equal(have.s, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(guards_are_added, scratch_setup,
						scratch_teardown),
		cmocka_unit_test(lines_are_put_in),
		cmocka_unit_test(a_line_is_renewed),
	};

	return cmocka_run_group_tests_name("edit", tests, NULL, NULL);
}
