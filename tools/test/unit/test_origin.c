// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which line of a file was a line of what a rule made of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "semantic/semantic_internal.h"

static void lines_have_an_origin(void **state)
{
	static const struct {
		const char *before, *after;
		long of[8]; /* per line of @after, and one behind it */
	} samples[] = {
		{ "1\n2\n3\n", "1\n2\n3\n", { 1, 2, 3, 4 } },
		{ "1\n2\n3\n", "1\nx\n3\n", { 1, 2, 3, 4 } },
		{ "1\n2\n3\n", "x\n2\n3\n", { 1, 2, 3, 4 } },
		{ "1\n2\n3\n", "1\n3\n", { 1, 3, 4 } },
		{ "1\n2\n3\n", "1\n2\nx\n3\n", { 1, 2, 3, 3, 4 } },
		{ "1\n2\n3\n4\n", "1\nx\ny\n4\n", { 1, 2, 3, 4, 5 } },
		{ "1\n2\n3\n4\n", "1\nx\n4\n", { 1, 2, 4, 5 } },
		{ "1\n2\n3\n", "1\nx\ny\nz\n3\n", { 1, 2, 2, 2, 3, 4 } },
		{ "1\n2", "1\nx", { 1, 2 } },
		{ "", "x\n", { 1, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_semantic_file f = { .changed = true };

		rq_str_adds(&f.before, samples[i].before);
		rq_str_adds(&f.after, samples[i].after);
		for (long line = 1; samples[i].of[line - 1]; line++)
			if (rq_semantic_origin(&f, line) != samples[i].of[line - 1])
				fail_msg("sample %zu: line %ld was %ld", i, line,
					 rq_semantic_origin(&f, line));
		f.changed = false;
		assert_int_equal(rq_semantic_origin(&f, 7), 7);
		rq_str_release(&f.before);
		rq_str_release(&f.after);
	}
}

/* Two changes far apart: between them and behind them the lines are shifted. */
static void lines_far_apart_have_an_origin(void **state)
{
	struct rq_semantic_file f = { .changed = true };

	(void)state;
	for (int i = 1; i <= 40; i++) {
		rq_str_addf(&f.before, "%d\n", i);
		if (i == 5)
			rq_str_adds(&f.after, "new\nnewer\n");
		if (i != 30)
			rq_str_addf(&f.after, "%d\n", i);
	}
	assert_int_equal(rq_semantic_origin(&f, 4), 4);
	assert_int_equal(rq_semantic_origin(&f, 7), 5);
	assert_int_equal(rq_semantic_origin(&f, 20), 18);
	assert_int_equal(rq_semantic_origin(&f, 31), 29);
	assert_int_equal(rq_semantic_origin(&f, 32), 31);
	assert_int_equal(rq_semantic_origin(&f, 41), 40);
	rq_str_release(&f.before);
	rq_str_release(&f.after);
}

int main(void)
{
	int failed;

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_have_an_origin),
		cmocka_unit_test(lines_far_apart_have_an_origin),
	};

	rq_git_init();
	failed = cmocka_run_group_tests_name("origin", tests, NULL, NULL);
	rq_git_shutdown();
	return failed;
}
