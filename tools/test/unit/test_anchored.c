// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes that go where a part of their context stands: which places are taken, and what is said of
 * those that are not.
 */
#include "image.h"

#include "apply/apply_internal.h"

#define F "int f(void)\n{\n"
#define FIVE "\tfirst(1);\n\tsecond(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);\n"
#define G "}\n\nint g(void)\n{\n\tother(1);\n}\n"

static const struct {
	const char *text, *hunks;
	const char *want;    /* NULL: a conflict */
	const char *message; /* a part of what is said of the first hunk */
} samples[] = {
	/* 0: lines that go, below a line that the branch does not have, or above one. */
	{ F FIVE G,
	  "@@ -2,4 +2,4 @@ int f(void)\n {\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n",
	  F "\tfirst(1);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);\n" G,
	  "2 of its 4 old lines stand around line 4; 'absent(0);' does not" },
	{ F FIVE G,
	  "@@ -4,4 +4,4 @@ int f(void)\n \tsecond(2);\n-\tthird(3);\n+\tnew(3);\n "
	  "\tabsent(0);\n \tabsent(1);\n",
	  F "\tfirst(1);\n\tsecond(2);\n\tnew(3);\n\tfourth(4);\n\tfifth(5);\n" G,
	  "2 of its 4 old lines stand around line 5; 'absent(0);' does not" },
	/* 2: without the name of the function two lines must say something. */
	{ F FIVE G,
	  "@@ -2,4 +2,4 @@\n {\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n \tthird(3);\n",
	  F "\tfirst(1);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);\n" G,
	  "2 of its 4" },
	{ F FIVE G, "@@ -2,3 +2,3 @@\n {\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n",
	  NULL, "" },
	{ F FIVE G, "@@ -2,4 +2,4 @@\n {\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n }\n",
	  NULL, "" },
	/* 5: three lines that go need nothing beside them, two do. */
	{ F FIVE G,
	  "@@ -3,4 +3,2 @@ int f(void)\n "
	  "\tabsent(0);\n-\tsecond(2);\n-\tthird(3);\n-\tfourth(4);\n+\tnew(2);\n",
	  F "\tfirst(1);\n\tnew(2);\n\tfifth(5);\n" G, "3 of its 4" },
	{ F FIVE G,
	  "@@ -3,3 +3,2 @@ int f(void)\n "
	  "\tabsent(0);\n-\tsecond(2);\n-\tthird(3);\n+\tnew(2);\n",
	  NULL, "" },
	/* 7: a function that is not there wants four lines. */
	{ F FIVE G,
	  "@@ -3,5 +3,5 @@ int h(void)\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n \tfourth(4);\n \tfifth(5);\n",
	  F "\tfirst(1);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);\n" G, "" },
	{ F FIVE G,
	  "@@ -3,4 +3,4 @@ int h(void)\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n \tfourth(4);\n",
	  NULL, "" },
	/* 9: another function that is there speaks against it. */
	{ F FIVE G,
	  "@@ -3,5 +3,5 @@ int g(void)\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n \tfourth(4);\n \tfifth(5);\n",
	  NULL, "" },
	/* 10: what comes between two neighbours. */
	{ F FIVE G,
	  "@@ -3,4 +3,5 @@ int f(void)\n \tabsent(0);\n \tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n \tabsent(1);\n",
	  F "\tfirst(1);\n\tsecond(2);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);"
	    "\n" G,
	  "2 of its 4 old lines stand around line 5; 'absent(0);' does not" },
	{ F FIVE G,
	  "@@ -3,3 +3,4 @@ int f(void)\n \tfirst(1);\n+\tnew(2);\n \tthird(3);\n "
	  "\tabsent(1);\n",
	  NULL,
	  "its neighbours are apart: the line above it is at line 3, the one below at "
	  "line 5" },
	{ F FIVE "\tfirst(1);\n" G,
	  "@@ -3,3 +3,4 @@ int f(void)\n \tfirst(1);\n+\tnew(2);\n \tthird(3);\n "
	  "\tabsent(1);\n",
	  NULL, "" },
	/* 13: a neighbour that the branch does not have, nor anything in its place. */
	{ F FIVE G,
	  "@@ -3,4 +3,5 @@ int f(void)\n \tfirst(1);\n \tsecond(2);\n "
	  "\tabsent(0);\n+\tnew(2);\n \tthird(3);\n",
	  F "\tfirst(1);\n\tsecond(2);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);"
	    "\n" G,
	  "3 of its 4 old lines stand around line 5, but not 'absent(0);': its "
	  "neighbours are those beyond what is missing" },
	{ F FIVE G,
	  "@@ -3,4 +3,5 @@ int f(void)\n \tsecond(2);\n+\tnew(2);\n \tabsent(0);\n "
	  "\tthird(3);\n \tfourth(4);\n",
	  F "\tfirst(1);\n\tsecond(2);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);"
	    "\n" G,
	  "3 of its 4 old lines stand around line 5, but not 'absent(0);': its" },
	{ F FIVE G,
	  "@@ -3,5 +3,6 @@ int f(void)\n \tsecond(2);\n+\tnew(2);\n \tabsent(0);\n "
	  "\tabsent(1);\n \tthird(3);\n \tfourth(4);\n",
	  F "\tfirst(1);\n\tsecond(2);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);"
	    "\n" G,
	  ", but not 'absent(0);', 'absent(1);': its" },
	/* 16: what is missing opens a block, goes on with one, stands further out or elsewhere. */
	{ F FIVE G,
	  "@@ -3,5 +3,6 @@ int f(void)\n \tsecond(2);\n+\tnew(2);\n \tif (absent(0))\n "
	  "\t\tabsent(1);\n \tthird(3);\n \tfourth(4);\n",
	  NULL, "" },
	{ F FIVE G,
	  "@@ -3,4 +3,5 @@ int f(void)\n \tsecond(2);\n+\tnew(2);\n \t\tabsent(0);\n "
	  "\tthird(3);\n \tfourth(4);\n",
	  NULL, "" },
	{ F FIVE G,
	  "@@ -3,5 +3,6 @@ int f(void)\n \tsecond(2);\n+\tnew(2);\n \tabsent(0,\n \t     "
	  "  1);\n \tthird(3);\n \tfourth(4);\n",
	  F "\tfirst(1);\n\tsecond(2);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);"
	    "\n" G,
	  "" },
	{ F FIVE G,
	  "@@ -3,5 +3,6 @@ int f(void)\n \tsecond(2);\n+\tnew(2);\n \tabsent(0);\n "
	  "absent(1);\n \tthird(3);\n \tfourth(4);\n",
	  NULL, "" },
	{ F FIVE G,
	  "@@ -3,4 +3,5 @@ int f(void)\n \tsecond(2);\n+\tnew(2);\n \tother(1);\n "
	  "\tthird(3);\n \tfourth(4);\n",
	  NULL, "" },
	{ F FIVE G,
	  "@@ -3,4 +3,5 @@ int f(void)\n \tsecond(2);\n+\tnew(2);\n \tx;\n \tthird(3);\n "
	  "\tfourth(4);\n",
	  NULL, "" },
	{ F FIVE G,
	  "@@ -3,5 +3,6 @@ int f(void)\n \tsecond(2);\n+\tnew(2);\n \tabsent(0);\n \n "
	  "\tthird(3);\n \tfourth(4);\n",
	  F "\tfirst(1);\n\tsecond(2);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);"
	    "\n" G,
	  "" },
	/* 23: several places. */
	{ F FIVE "\tbetween();\n" FIVE G,
	  "@@ -3,3 +3,3 @@ int f(void)\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n",
	  NULL, "in the file stands at several lines: 4, 10" },
	{ F FIVE FIVE FIVE FIVE FIVE G,
	  "@@ -3,3 +3,3 @@ int f(void)\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n",
	  NULL, "in the file stands at several lines: 4, 9, 14, 19" },
	/* 25: the one that says more; then the one in the function. */
	{ F FIVE "\tbetween();\n\tsecond(2);\n\tthird(3);\n\tmore();\n" G,
	  "@@ -3,4 +3,4 @@ int f(void)\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n \tfourth(4);\n",
	  NULL, "" },
	{ F FIVE "}\n\nint h(void)\n{\n" FIVE G,
	  "@@ -9,4 +9,4 @@ int h(void)\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n \tfourth(4);\n",
	  F FIVE "}\n\nint "
		 "h(void)\n{\n\tfirst(1);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth("
		 "5);\n" G,
	  "" },
	{ F FIVE "}\n\nint h(void)\n{\n\tsecond(2);\n\tthird(3);\n" G,
	  "@@ -3,4 +3,4 @@ int f(void)\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n \tfourth(4);\n",
	  F "\tfirst(1);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);\n}\n\nint "
	    "h(void)\n{\n\tsecond(2);\n\tthird(3);\n" G,
	  "" },
	/* 28: the end of a file is as good as a line. */
	{ "one(1);\ntwo(2);\nthree(3);\n",
	  "@@ -2,2 +2,3 @@\n absent(0);\n three(3);\n+new(4);\n",
	  "one(1);\ntwo(2);\nthree(3);\nnew(4);\n", "1 of its 2" },
	{ "one(1);\ntwo(2);\nthree(3);\n",
	  "@@ -1,4 +1,5 @@\n absent(0);\n one(1);\n two(2);\n three(3);\n+new(4);\n",
	  "one(1);\ntwo(2);\nthree(3);\nnew(4);\n", "" },
	{ "one(1);\ntwo(2);\nthree(3);\nfour(4);\n",
	  "@@ -1,4 +1,5 @@\n absent(0);\n one(1);\n two(2);\n three(3);\n+new(4);\n",
	  NULL, "" },
	{ "one(1);\ntwo(2);\nthree(3);\n",
	  "@@ -1,4 +1,5 @@\n+new(0);\n one(1);\n two(2);\n three(3);\n absent(0);\n",
	  "new(0);\none(1);\ntwo(2);\nthree(3);\n", "" },
	{ "zero(0);\none(1);\ntwo(2);\nthree(3);\n",
	  "@@ -1,4 +1,5 @@\n+new(0);\n one(1);\n two(2);\n three(3);\n absent(0);\n",
	  NULL, "" },
	/* The hunk behind it, or in front of it, leaves one of two places. */
	{ F FIVE "\tbetween(0);\n" FIVE G,
	  "@@ -3,3 +3,3 @@ int f(void)\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n"
	  "@@ -7,3 +7,3 @@ int f(void)\n \tfifth(5);\n-\tbetween(0);\n+\tbetween(1);\n "
	  "\tfirst(1);\n",
	  F "\tfirst(1);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);\n\tbetween(1)"
	    ";\n" FIVE G,
	  "" },
	{ F FIVE "\tbetween(0);\n" FIVE G,
	  "@@ -7,3 +7,3 @@ int f(void)\n \tfifth(5);\n-\tbetween(0);\n+\tbetween(1);\n "
	  "\tfirst(1);\n"
	  "@@ -10,3 +10,3 @@ int f(void)\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n",
	  F FIVE "\tbetween(1);\n\tfirst(1);\n\tnew(2);\n\tthird(3);\n\tfourth(4);"
		 "\n\tfifth(5);\n" G,
	  "" },
	/* What a hunk that is there has added is not for another. */
	{ F "\tfirst(1);\n\tsecond(2);\n\tthird(3);\n\tmid(0);\n\tsecond(2);\n\tthird(3);"
	    "\n\tlast(0);\n" G,
	  "@@ -3,2 +3,4 @@ int f(void)\n \tfirst(1);\n+\tsecond(2);\n+\tthird(3);\n "
	  "\tmid(0);\n"
	  "@@ -5,3 +7,3 @@ int f(void)\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n",
	  F "\tfirst(1);\n\tsecond(2);\n\tthird(3);\n\tmid(0);\n\tnew(2);\n\tthird(3);"
	    "\n\tlast(0);\n" G,
	  "" },
	/* Its neighbours have what it adds between them, or a line more. */
	{ F "\tfirst(1);\n\tnew(1);\n\tsecond(2);\n" G,
	  "@@ -3,4 +3,5 @@ int f(void)\n \tabsent(0);\n \tfirst(1);\n+\tnew(1);\n "
	  "\tsecond(2);\n \tabsent(1);\n",
	  NULL, "its new lines are there" },
	{ F "\tfirst(1);\n\tnew(1);\n\tmore(1);\n\tsecond(2);\n" G,
	  "@@ -3,4 +3,5 @@ int f(void)\n \tabsent(0);\n \tfirst(1);\n+\tnew(1);\n "
	  "\tsecond(2);\n \tabsent(1);\n",
	  NULL,
	  "its neighbours are apart: the line above it is at line 3, the one below at "
	  "line 6" },
	/* Two stretches of one hunk, in order. */
	{ F FIVE G,
	  "@@ -3,6 +3,6 @@ int f(void)\n \tabsent(0);\n-\tfirst(1);\n+\tnew(1);\n "
	  "\tsecond(2);\n \tthird(3);\n-\tfourth(4);\n+\tnew(4);\n \tfifth(5);\n",
	  F "\tnew(1);\n\tsecond(2);\n\tthird(3);\n\tnew(4);\n\tfifth(5);\n" G,
	  "5 of its 6 old lines stand around line 3" },
	{ F "\tfourth(4);\n\tfifth(5);\n\tbetween();\n\tfirst(1);\n\tsecond(2);\n" G,
	  "@@ -3,6 +3,6 @@ int f(void)\n \tabsent(0);\n-\tfirst(1);\n+\tnew(1);\n "
	  "\tsecond(2);\n \tabsent(3);\n-\tfourth(4);\n+\tnew(4);\n \tfifth(5);\n",
	  NULL, "" },
};

static void places_are_taken_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		assert_anchored(i, "a.c", samples[i].text, samples[i].hunks,
				samples[i].want, samples[i].message);
}

/* Context that fuzz has dropped counts again. */
static void fuzz_was_tried_before(void **state)
{
	static const struct held held[] = { { "a.c", F FIVE G, 0 }, { 0 } };
	const struct rq_apply_options options = { .anchors = true, .fuzz = 1 };
	struct rq_image *image = new_image(held);
	struct rq_patch *patch = read_patch(
		"x.patch",
		"--- a/a.c\n+++ b/a.c\n@@ -3,7 +3,5 @@ int f(void)\n \tgone(0);\n"
		" \tabsent(0);\n-\tsecond(2);\n-\tthird(3);\n-\tfourth(4);\n"
		"+\tnew(2);\n \tabsent(1);\n \tgone(1);\n");
	struct rq_entry_record entry = { 0 };
	struct rq_str reason = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	assert_int_equal(rq_apply(image, patch, &options, &entry, &err), 0);
	assert_int_equal(entry.outcome, RQ_ANCHORED);
	rq_reason_print(&reason, entry.hunks.v[0].why);
	assert_non_null(strstr(reason.s, "3 of its 7 old lines stand around line 4"));
	assert_file(image, "a.c", F "\tfirst(1);\n\tnew(2);\n\tfifth(5);\n" G);
	rq_str_release(&reason);
	rq_entry_release(&entry);
	rq_patch_free(patch);
	rq_image_free(image);
}

int main(void)
{
	int failed;

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_taken_or_not),
		cmocka_unit_test(fuzz_was_tried_before),
	};

	rq_git_init();
	failed = cmocka_run_group_tests_name("anchored", tests, NULL, NULL);
	rq_git_shutdown();
	return failed;
}
