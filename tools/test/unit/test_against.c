// SPDX-License-Identifier: GPL-2.0-only
/*
 * What speaks against a place that a part of the context stands for.
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
	/* 0: what it makes stands there already, in the function or in its context. */
	{ F "\tnew(2);\n" FIVE G,
	  "@@ -2,4 +2,4 @@ int f(void)\n {\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n",
	  NULL, "could be at line 5, but what it makes stands at line 3" },
	{ F FIVE "\tnew(2);\n" G,
	  "@@ -2,4 +2,4 @@ int f(void)\n {\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n",
	  NULL, "could be at line 4, but what it makes stands at line 8" },
	{ F FIVE "}\n\nint g(void)\n{\n\tnew(2);\n}\n",
	  "@@ -2,4 +2,4 @@ int f(void)\n {\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n",
	  F "\tfirst(1);\n\tnew(2);\n\tthird(3);\n\tfourth(4);\n\tfifth(5);\n}\n\nint "
	    "g(void)\n{\n\tnew(2);\n}\n",
	  "" },
	/* 3: half of what it says is not enough. */
	{ F "\tnew(2);\n" FIVE G,
	  "@@ -2,4 +2,5 @@ int f(void)\n {\n "
	  "\tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n+\tmore(2);\n \tthird(3);\n",
	  F "\tnew(2);\n\tfirst(1);\n\tnew(2);\n\tmore(2);\n\tthird(3);\n\tfourth(4);"
	    "\n\tfifth(5);\n" G,
	  "" },
	/* 4: a place in a comment. */
	{ "/*\n" F FIVE "*/\n" G,
	  "@@ -2,4 +2,4 @@ int f(void)\n {\n \tabsent(0);\n-\tsecond(2);\n+\tnew(2);\n "
	  "\tthird(3);\n",
	  NULL, "could be at line 5, which is in a comment" },
	/* 5: lines that say nothing by themselves say it between those around them. */
	{ F "\tone(1);\n\tx++;\n\tthree(3);\n\tmid(1);\n\tone(1);\n\told(2);\n\tthree(3);"
	    "\n" G,
	  "@@ -2,5 +2,5 @@ int f(void)\n {\n \tabsent(0);\n "
	  "\tone(1);\n-\told(2);\n+\tx++;\n \tthree(3);\n",
	  NULL, "could be at line 8, but what it makes stands at line 3" },
	{ F "\tone(1);\n\tx--;\n\tthree(3);\n\tmid(1);\n\tone(1);\n\told(2);\n\tthree(3);"
	    "\n" G,
	  "@@ -2,5 +2,5 @@ int f(void)\n {\n \tabsent(0);\n "
	  "\tone(1);\n-\told(2);\n+\tx++;\n \tthree(3);\n",
	  F
	  "\tone(1);\n\tx--;\n\tthree(3);\n\tmid(1);\n\tone(1);\n\tx++;\n\tthree(3);\n" G,
	  "" },
	/* 7: up to the first that says something, on both sides. */
	{ F "\tone(1);\n\tx++;\n\n\tmid(1);\n\tone(1);\n\told(2);\n\n\tthree(3);\n" G,
	  "@@ -2,6 +2,6 @@ int f(void)\n {\n \tabsent(0);\n "
	  "\tone(1);\n-\told(2);\n+\tx++;\n \n \tthree(3);\n",
	  F "\tone(1);\n\tx++;\n\n\tmid(1);\n\tone(1);\n\tx++;\n\n\tthree(3);\n" G, "" },
	{ F "\tmid(1);\n\n\tx++;\n\tthree(3);\n\tone(1);\n\n\told(2);\n\tthree(3);\n" G,
	  "@@ -2,6 +2,6 @@ int f(void)\n {\n \tabsent(0);\n \tone(1);\n "
	  "\n-\told(2);\n+\tx++;\n \tthree(3);\n",
	  F "\tmid(1);\n\n\tx++;\n\tthree(3);\n\tone(1);\n\n\tx++;\n\tthree(3);\n" G,
	  "" },
	/* 9: nothing that says something on one side: it is not asked. */
	{ F
	  "\tif (a) {\n\tone(1);\n\tx++;\n\t}\n\tif (b) {\n\tone(1);\n\told(2);\n\t}\n" G,
	  "@@ -2,5 +2,5 @@ int f(void)\n {\n \tabsent(0);\n "
	  "\tone(1);\n-\told(2);\n+\tx++;\n \t}\n",
	  F "\tif (a) {\n\tone(1);\n\tx++;\n\t}\n\tif (b) {\n\tone(1);\n\tx++;\n\t}\n" G,
	  "" },
	/* 10: so many functions have "if (ret)" that it says nothing; another condition does. */
	{ F "\tif (ret)\n\t\treturn ret;\n" FIVE G,
	  "@@ -2,4 +2,6 @@ int f(void)\n {\n \tabsent(0);\n \tsecond(2);\n+\tif "
	  "(ret)\n+\t\treturn ret;\n \tthird(3);\n",
	  F "\tif (ret)\n\t\treturn ret;\n\tfirst(1);\n\tsecond(2);\n\tif "
	    "(ret)\n\t\treturn ret;\n\tthird(3);\n\tfourth(4);\n\tfifth(5);\n" G,
	  "" },
	{ F "\tif (check(a))\n\t\treturn ret;\n" FIVE G,
	  "@@ -2,4 +2,6 @@ int f(void)\n {\n \tabsent(0);\n \tsecond(2);\n+\tif "
	  "(check(a))\n+\t\treturn ret;\n \tthird(3);\n",
	  NULL, "could be at line 7, but what it makes stands at line 3" },
	/* 12: what the old text has too, its author saw. */
	{ F FIVE G,
	  "@@ -2,4 +2,5 @@ int f(void)\n {\n \tabsent(0);\n \tsecond(2);\n+\tthird(3);\n "
	  "\tthird(3);\n",
	  F "\tfirst(1);\n\tsecond(2);\n\tthird(3);\n\tthird(3);\n\tfourth(4);\n\tfifth("
	    "5);\n" G,
	  "" },
	{ F FIVE G,
	  "@@ -3,4 +3,5 @@ int f(void)\n \tfirst(1);\n \tsecond(2);\n+\tfirst(1);\n "
	  "\tthird(3);\n \tabsent(0);\n",
	  F "\tfirst(1);\n\tsecond(2);\n\tfirst(1);\n\tthird(3);\n\tfourth(4);\n\tfifth("
	    "5);\n" G,
	  "" },
	/* 14: a comment that a comment is changed in. */
	{ "/*\n * first words\n * second words\n * third words\n */\n" F FIVE G,
	  "@@ -1,3 +1,3 @@\n  * absent words\n- * second words\n+ * new words\n  * third "
	  "words\n",
	  "/*\n * first words\n * new words\n * third words\n */\n" F FIVE G, "" },
};

static void places_are_refused_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		assert_anchored(i, "a.c", samples[i].text, samples[i].hunks,
				samples[i].want, samples[i].message);
}

/* Without functions 25 lines on both sides count.  A text has no comments. */
static void near_lines_of_a_text(void **state)
{
	static const struct {
		int at, there; /* where it goes, and the line that has it already */
		bool refused;
	} near[] = {
		{ 41, 15, false }, { 41, 16, true },  { 41, 39, true }, { 41, 43, true },
		{ 41, 66, true },  { 41, 67, false }, { 20, 1, true },	{ 60, 80, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(near); i++) {
		const int at = near[i].at;
		struct rq_str text = { 0 }, want = { 0 }, hunk = { 0 };

		for (int line = 1; line <= 80; line++) {
			const char *kind = line == 2 ? "/*" : "line";

			if (line == near[i].there)
				rq_str_addf(&text, "new one\n");
			else
				rq_str_addf(&text, "%s %d\n", kind, line);
			if (line == near[i].there || line == at)
				rq_str_addf(&want, "new one\n");
			else
				rq_str_addf(&want, "%s %d\n", kind, line);
		}
		rq_str_addf(
			&hunk,
			"@@ -%d,4 +%d,4 @@\n absent %d\n line %d\n-line %d\n+new one\n"
			" line %d\n",
			at - 2, at - 2, at - 2, at - 1, at, at + 1);
		assert_anchored(i, "a.txt", text.s, hunk.s,
				near[i].refused ? NULL : want.s,
				near[i].refused ? "but what it makes stands" : "");
		rq_str_release(&text);
		rq_str_release(&want);
		rq_str_release(&hunk);
	}
}

/* Of the very bytes, with nothing behind them. */
static bool answer_of(bool (*ask)(struct rq_slice line), const char *line)
{
	size_t n = strlen(line);
	char *copy = memcpy(rq_xmalloc(n + !n), line, n);
	bool answer = ask((struct rq_slice){ copy, n });

	free(copy);
	return answer;
}

static void lines_that_say_something(void **state)
{
	static const char *const do_weigh[] = {
		"\tabc;\n",    "a1_",		"return f(x);",	 "return a->b;",
		"return x.y;", "return a + b;", "goto a b;",	 "gotos out;",
		"returned;",   "break it;",	"} else if (x)", "default: x;",
	};
	static const char *const do_not[] = {
		"",
		"\n",
		"\t}\n",
		"\tab;\n",
		"i++;",
		"break;",
		"continue;",
		"default:",
		"else",
		"  } else {\n",
		"#else",
		"#endif",
		"return;",
		"do {",
		"goto out;",
		"return -EINVAL;",
		"return ret;",
		"return 0;",
		"return x",
		"goto x",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(do_weigh); i++)
		if (!answer_of(rq_line_weighs, do_weigh[i]))
			fail_msg("'%s' does not weigh", do_weigh[i]);
	for (size_t i = 0; i < ARRAY_SIZE(do_not); i++)
		if (answer_of(rq_line_weighs, do_not[i]))
			fail_msg("'%s' weighs", do_not[i]);
}

static void lines_that_shape(void **state)
{
	static const char *const shape[] = {
		"\tif (x)\n", "else\n",	   "} else {",	   "for (;;)",
		"while (x)",  "do",	   "case 1:",	   "switch (x)",
		"default:",   "#define X", "\t * words\n", "x: /* y */",
		"f(); // y",  "out:",	   "struct x {",   "}",
		"/*",	      "//",
	};
	static const char *const do_not[] = {
		"",	   "\n",	 "\tf(x);\n", "iffy(x);", "elsewhere();",
		"done();", "cases = 1;", "a / b;",    "a:b;",	  "x = { 1 };",
		"f(*x);",  "a *b;",	 "ifx",	      "/",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(shape); i++)
		if (!answer_of(rq_line_shapes, shape[i]))
			fail_msg("'%s' does not shape", shape[i]);
	for (size_t i = 0; i < ARRAY_SIZE(do_not); i++)
		if (answer_of(rq_line_shapes, do_not[i]))
			fail_msg("'%s' shapes", do_not[i]);
}

int main(void)
{
	int failed;

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_refused_or_not),
		cmocka_unit_test(near_lines_of_a_text),
		cmocka_unit_test(lines_that_say_something),
		cmocka_unit_test(lines_that_shape),
	};

	rq_git_init();
	failed = cmocka_run_group_tests_name("against", tests, NULL, NULL);
	rq_git_shutdown();
	return failed;
}
