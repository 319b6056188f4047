// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines that a rule made too long are folded, and no others are touched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "semantic/semantic_internal.h"

static const struct {
	const char *before, *after, *folded;
} samples[] = {
	/* Behind a comma, aligned with the parenthesis. */
	{ "\tf(a);\n",
	  "\tif (unlikely(folio_try_dup_anon_rmap_pmd(page_folio(src_page), src_page, "
	  "src_vma)))\n",
	  "\tif (unlikely(folio_try_dup_anon_rmap_pmd(page_folio(src_page), src_page,\n"
	  "\t\t\t\t\t\t src_vma)))\n" },
	/* The outermost place first: behind an operator. */
	{ "x\n",
	  "\t\tif (freeze && anon_exclusive && "
	  "folio_try_share_anon_rmap_pmd(page_folio(page), "
	  "page))\n",
	  "\t\tif (freeze && anon_exclusive &&\n"
	  "\t\t    folio_try_share_anon_rmap_pmd(page_folio(page), page))\n" },
	/* As often as it takes; the second line stands in the first one's parenthesis. */
	{ "x\n",
	  "\t\t\t    (folio_test_hugetlb(folio) ? hugetlb_try_share_anon_rmap(folio) : "
	  "page_try_share_anon_rmap(subpage))) {\n",
	  "\t\t\t    (folio_test_hugetlb(folio) ?\n"
	  "\t\t\t     hugetlb_try_share_anon_rmap(folio) :\n"
	  "\t\t\t     page_try_share_anon_rmap(subpage))) {\n" },
	/* No place within the columns: the first one behind them. */
	{ "x\n",
	  "\t\t\t} else if (hugetlb_try_dup_anon_rmap(page_folio(ptepage_of_it), "
	  "src_vma)) {\n",
	  "\t\t\t} else if (hugetlb_try_dup_anon_rmap(page_folio(ptepage_of_it),\n"
	  "\t\t\t\t\t\t\t     src_vma)) {\n" },
	/* Not within a string, not outside of parentheses, not where it was so before. */
	{ "x\n",
	  "\tpr_info(\"a message, long as it is, that must be found by who greps for it, "
	  "whole\");\n",
	  "\tpr_info(\"a message, long as it is, that must be found by who greps for it, "
	  "whole\");\n" },
	{ "x\n",
	  "\tint a_name_of_some_length, another_name_of_some_length, "
	  "and_a_third_one_behind_it, d;\n",
	  "\tint a_name_of_some_length, another_name_of_some_length, "
	  "and_a_third_one_behind_it, d;\n" },
	/* Not within a comment, nor in a string behind one that ends in backslashes. */
	{ "x\n",
	  "\tnew_fn(page_folio(page), 1); // told in (a list, of many words, which is "
	  "too "
	  "long)\n",
	  "\tnew_fn(page_folio(page),\n"
	  "\t       1); // told in (a list, of many words, which is too long)\n" },
	{ "x\n",
	  "\tnew_fn(\"a\\\\\", \"a message, long as it is, that must be found by who "
	  "greps "
	  "for it\");\n",
	  "\tnew_fn(\"a\\\\\",\n"
	  "\t       \"a message, long as it is, that must be found by who greps for "
	  "it\");\n" },
	/* A new line would end a macro. */
	{ "x\n",
	  "#define many(page) \\\n"
	  "\tf(page, one_argument_that_is_long, another_argument_that_is_long, "
	  "and_a_third_one); \\\n"
	  "\tf(page, one_argument_that_is_long, another_argument_that_is_long, "
	  "and_a_third_one)\n",
	  "#define many(page) \\\n"
	  "\tf(page, one_argument_that_is_long, another_argument_that_is_long, "
	  "and_a_third_one); \\\n"
	  "\tf(page, one_argument_that_is_long, another_argument_that_is_long, "
	  "and_a_third_one)\n" },
	{ "\tkeep(this_line_as_it_is, long_as_it_may_be, since_nobody_asked_for_it, "
	  "to_be_folded, z);\n"
	  "x\n",
	  "\tkeep(this_line_as_it_is, long_as_it_may_be, since_nobody_asked_for_it, "
	  "to_be_folded, z);\n"
	  "y\n",
	  "\tkeep(this_line_as_it_is, long_as_it_may_be, since_nobody_asked_for_it, "
	  "to_be_folded, z);\n"
	  "y\n" },
};

static void folds_what_a_rule_wrote(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct rq_semantic_file f = { 0 };
		struct rq_err err;

		rq_str_adds(&f.before, samples[i].before);
		rq_str_adds(&f.after, samples[i].after);
		assert_int_equal(0, rq_semantic_fold(&f, &err));
		if (strcmp(f.after.s, samples[i].folded) != 0)
			fail_msg("sample %zu:\n%s", i, f.after.s);
		rq_str_release(&f.before);
		rq_str_release(&f.after);
	}
}

/* A line of a hundred thousand arguments ends, and soon. */
static void folds_a_very_long_line(void **state)
{
	struct rq_semantic_file f = { 0 };
	struct rq_err err;

	(void)state;
	rq_str_adds(&f.before, "x\n");
	rq_str_adds(&f.after, "\tf(");
	for (int i = 0; i < 100000; i++)
		rq_str_adds(&f.after, "argument, ");
	rq_str_adds(&f.after, "last);\n");
	assert_int_equal(0, rq_semantic_fold(&f, &err));
	assert_non_null(strstr(f.after.s, "last);\n"));
	rq_str_release(&f.before);
	rq_str_release(&f.after);
}

int main(void)
{
	int failed;

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_what_a_rule_wrote),
		cmocka_unit_test(folds_a_very_long_line),
	};

	rq_git_init();
	failed = cmocka_run_group_tests_name("fold", tests, NULL, NULL);
	rq_git_shutdown();
	return failed;
}
