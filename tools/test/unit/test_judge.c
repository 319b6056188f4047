// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is judged once a rule has run, on texts before and after: names that must be apart, what
 * spatch wrote over without seeing it, and the functions whose flow it could not follow.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "semantic/semantic_internal.h"

static struct rq_semantic_file file_of(const char *before, const char *after)
{
	struct rq_semantic_file f = { .path = "x.c" };

	rq_str_adds(&f.before, before);
	rq_str_adds(&f.after, after);
	return f;
}

static void release(struct rq_semantic_file *f)
{
	rq_str_release(&f->before);
	rq_str_release(&f->after);
}

static void assert_why(char *why, const char *want, size_t row)
{
	if (!want && why)
		fail_msg("row %zu: refused: %s", row, why);
	if (want && !why)
		fail_msg("row %zu: not refused: %s", row, want);
	if (want && strcmp(why, want) != 0)
		fail_msg("row %zu: '%s', expected '%s'", row, why, want);
	free(why);
}

/* --- Expect-apart: --- */

#define APART                                                                            \
	"/*\n * Expect-apart: new huge big\n * Expect-apart: other tiny\n */\n@@ @@\n- " \
	"old()\n+ new()\n"
#define BESIDE                                                                   \
	"/*\n * Expect-beside: new_pmd pmd_t set_pmd\n * Expect-apart: new_pmd " \
	"endif\n */\n@@ @@\n- old()\n+ new_pmd()\n"
#define LONELY(line)                                                             \
	"x.c:" line ": the rule brings new_pmd where nothing is named that has " \
	"one of pmd_t, set_pmd in it, and expects it beside; convert it by hand"
#define NAMED(name, part, line, at)                                                \
	"x.c:" line ": the rule brings " name " where " part " is named (line " at \
	"), and expects them apart; convert it by hand"
#define BEHIND(line, at)                                                     \
	"x.c:" line ": the rule brings new behind the condition of line " at \
	", and expects "                                                     \
	"them apart; convert it by hand"

static const struct {
	const char *before, *after, *why;
} aparts[] = {
	{ "void f(void)\n{\n\told();\n}\n", "void f(void)\n{\n\tnew();\n}\n", NULL },
	{ "void f(void)\n{\n\told();\n\thuge();\n}\n",
	  "void f(void)\n{\n\tnew();\n\thuge();\n}\n", NAMED("new", "huge", "3", "4") },
	/* in the name, in a type, in a member; in a part of a word */
	{ "void huge_f(void)\n{\n\told();\n}\n", "void huge_f(void)\n{\n\tnew();\n}\n",
	  NAMED("new", "huge_f", "3", "1") },
	{ "void f(struct bigger *x)\n{\n\told();\n}\n",
	  "void f(struct bigger *x)\n{\n\tnew();\n}\n",
	  NAMED("new", "bigger", "3", "1") },
	{ "void f(void)\n{\n\told();\n\tx->huge = 1;\n}\n",
	  "void f(void)\n{\n\tnew();\n\tx->huge = 1;\n}\n",
	  NAMED("new", "huge", "3", "4") },
	/* in another function, in a comment, and where it stood before */
	{ "void huge(void)\n{\n}\nvoid f(void)\n{\n\told();\n}\n",
	  "void huge(void)\n{\n}\nvoid f(void)\n{\n\tnew();\n}\n", NULL },
	{ "void f(void)\n{\n\told(); /* huge */\n}\n",
	  "void f(void)\n{\n\tnew(); /* huge */\n}\n", NULL },
	{ "void f(void)\n{\n\tnew();\n\thuge();\n}\nvoid g(void)\n{\n\told();\n}\n",
	  "void f(void)\n{\n\tnew();\n\thuge();\n}\nvoid g(void)\n{\n\tnew();\n}\n",
	  NULL },
	/* one use was there, another comes */
	{ "void f(void)\n{\n\tnew();\n\told();\n\thuge();\n}\n",
	  "void f(void)\n{\n\tnew();\n\tnew();\n\thuge();\n}\n",
	  NAMED("new", "huge", "3", "5") },
	/* the second line is judged when the first has nothing to say */
	{ "void f(void)\n{\n\told();\n\ttiny();\n}\n",
	  "void f(void)\n{\n\tother();\n\ttiny();\n}\n",
	  NAMED("other", "tiny", "3", "4") },
	{ "void f(void)\n{\n\told();\n\ttiny();\n}\n",
	  "void f(void)\n{\n\tnew();\n\ttiny();\n}\n", NULL },
	/* the first fault is told, by the order of the lines in the rule, then in the file */
	{ "void f(void)\n{\n\told();\n\ttiny();\n}\nvoid "
	  "g(void)\n{\n\told();\n\tbig();\n}\n",
	  "void f(void)\n{\n\tother();\n\ttiny();\n}\nvoid "
	  "g(void)\n{\n\tnew();\n\tbig();\n}\n",
	  NAMED("new", "big", "8", "9") },
	{ "void f(void)\n{\n\told();\n\tbig();\n}\nvoid "
	  "g(void)\n{\n\told();\n\tbig();\n}\n",
	  "void f(void)\n{\n\tnew();\n\tbig();\n}\nvoid "
	  "g(void)\n{\n\tnew();\n\tbig();\n}\n",
	  NAMED("new", "big", "3", "4") },
	/* conditions */
	{ "#ifdef HUGE\n#endif\nvoid f(void)\n{\n\told();\n}\n",
	  "#ifdef HUGE\n#endif\nvoid f(void)\n{\n\tnew();\n}\n", NULL },
	{ "#if huge\nvoid f(void)\n{\n\told();\n}\n#endif\n",
	  "#if huge\nvoid f(void)\n{\n\tnew();\n}\n#endif\n", BEHIND("4", "1") },
	{ "#if a\n#elif defined(big)\nvoid f(void)\n{\n\told();\n}\n#endif\n",
	  "#if a\n#elif defined(big)\nvoid f(void)\n{\n\tnew();\n}\n#endif\n",
	  BEHIND("5", "2") },
	{ "#ifdef huge\n#if a\nvoid f(void)\n{\n\told();\n}\n#endif\n#endif\n",
	  "#ifdef huge\n#if a\nvoid f(void)\n{\n\tnew();\n}\n#endif\n#endif\n",
	  BEHIND("5", "1") },
	{ "#if a\n#ifdef huge\n#endif\nvoid f(void)\n{\n\told();\n}\n#endif\n",
	  "#if a\n#ifdef huge\n#endif\nvoid f(void)\n{\n\tnew();\n}\n#endif\n", NULL },
	{ "#if huge\n#endif\n#if a\nvoid f(void)\n{\n\told();\n}\n#endif\n",
	  "#if huge\n#endif\n#if a\nvoid f(void)\n{\n\tnew();\n}\n#endif\n", NULL },
	{ "#if a\n#define huge 1\nvoid f(void)\n{\n\told();\n}\n#endif\n",
	  "#if a\n#define huge 1\nvoid f(void)\n{\n\tnew();\n}\n#endif\n", NULL },
	{ "#if a\nint x;\n#else /* huge */\nvoid f(void)\n{\n\told();\n}\n#endif\n",
	  "#if a\nint x;\n#else /* huge */\nvoid f(void)\n{\n\tnew();\n}\n#endif\n",
	  NULL },
	{ "#endif\nvoid f(void)\n{\n\told();\n}\n",
	  "#endif\nvoid f(void)\n{\n\tnew();\n}\n", NULL },
};

static void keeps_names_apart(void **state)
{
	struct rq_rule rule = { 0 };
	struct rq_str bytes = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	rq_str_adds(&bytes, APART);
	assert_int_equal(rq_rule_parse(&rule, "x.cocci", &bytes, &err), 0);
	for (size_t i = 0; i < sizeof(aparts) / sizeof(aparts[0]); i++) {
		struct rq_semantic_file f = file_of(aparts[i].before, aparts[i].after);

		assert_why(rq_apart_check(&rule, &f), aparts[i].why, i);
		release(&f);
	}
	rq_rule_release(&rule);
}

static const struct {
	const char *before, *after, *why;
} besides[] = {
	{ "void f(void)\n{\n\told();\n}\n", "void f(void)\n{\n\tnew_pmd();\n}\n",
	  LONELY("3") },
	/* in a type, in a call, in the name of the function */
	{ "void f(pmd_t *p)\n{\n\told();\n}\n", "void f(pmd_t *p)\n{\n\tnew_pmd();\n}\n",
	  NULL },
	{ "void f(void)\n{\n\told();\n\tset_pmd_at();\n}\n",
	  "void f(void)\n{\n\tnew_pmd();\n\tset_pmd_at();\n}\n", NULL },
	{ "void my_set_pmd(void)\n{\n\told();\n}\n",
	  "void my_set_pmd(void)\n{\n\tnew_pmd();\n}\n", NULL },
	/* not in a comment, a string or another function */
	{ "void f(void)\n{\n\told(\"pmd_t\"); /* pmd_t */\n}\n",
	  "void f(void)\n{\n\tnew_pmd(\"pmd_t\"); /* pmd_t */\n}\n", LONELY("3") },
	{ "pmd_t *g(void)\n{\n}\nvoid f(void)\n{\n\told();\n}\n",
	  "pmd_t *g(void)\n{\n}\nvoid f(void)\n{\n\tnew_pmd();\n}\n", LONELY("6") },
	/* what stands there already is not asked */
	{ "void f(void)\n{\n\tnew_pmd();\n}\n", "void f(void)\n{\n\tnew_pmd();\n}\n",
	  NULL },
	/* the name of a directive is a part as well: within the function, not beside it */
	{ "void f(pmd_t *p)\n{\n#if a\n#endif\n\told();\n}\n",
	  "void f(pmd_t *p)\n{\n#if a\n#endif\n\tnew_pmd();\n}\n",
	  NAMED("new_pmd", "endif", "5", "4") },
	{ "#if a\nvoid f(pmd_t *p)\n{\n\told();\n}\n#endif\n",
	  "#if a\nvoid f(pmd_t *p)\n{\n\tnew_pmd();\n}\n#endif\n", NULL },
};

#define STATEMENT                                                            \
	"/*\n * Expect-statement: first\n */\n@@ @@\n- old();\n+ first();\n" \
	"+ second();\n"
#define ARM(line)                                                                     \
	"x.c:" line ": the rule makes more statements of one here, and first does "   \
	"not follow a ';' or a brace: it may be all of an arm or a loop; convert it " \
	"by hand"

/* Where first() stands in a function, from line 3 on, and what is wrong with it. */
static const struct {
	const char *body, *why;
} statements[] = {
	{ "\tfirst();\n", NULL },
	{ "\tx();\n\tfirst();\n", NULL },
	{ "\tx(); /* why, ( */\n\tfirst();\n", NULL },
	{ "\tif (x) {\n\t\tfirst();\n\t\tsecond();\n\t}\n\tfirst();\n", NULL },
	{ "\tif (x)\n\t\tfirst();\n", ARM("4") },
	{ "\tx();\n\tif (x)\n\t\ty();\n\telse\n\t\tfirst();\n", ARM("7") },
	{ "\tdo first(); while (0);\n", ARM("3") },
	{ "\tfor_each(x)\n\t\tfirst();\n", ARM("4") },
	{ "\tif (x)\nlabel:\n\t\tfirst();\n", ARM("5") },
	{ "\tif (x)\n#ifdef A\n\t\ty();\n#else\n\t\tfirst();\n#endif\n", ARM("7") },
	{ "\tif (x)\n\t\ty();\n\telse\n#ifdef A\n\t\tfirst();\n#endif\n", ARM("7") },
	{ "\tx = first();\n", ARM("3") },
	{ "\tx(), first();\n", ARM("3") },
	/* the second of two */
	{ "\tfirst();\n\tif (x)\n\t\tfirst();\n", ARM("5") },
};

static void keeps_statements(void **state)
{
	struct rq_rule rule = { 0 };
	struct rq_str bytes = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	rq_str_adds(&bytes, STATEMENT);
	assert_int_equal(rq_rule_parse(&rule, "x.cocci", &bytes, &err), 0);
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
		char *after = rq_xasprintf("void f(void)\n{\n%s}\n", statements[i].body);
		struct rq_semantic_file f = file_of("void f(void)\n{\n}\n", after);

		assert_why(rq_apart_check(&rule, &f), statements[i].why, i);
		release(&f);
		free(after);
	}
	rq_rule_release(&rule);
}

static void keeps_names_beside(void **state)
{
	struct rq_rule rule = { 0 };
	struct rq_str bytes = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	rq_str_adds(&bytes, BESIDE);
	assert_int_equal(rq_rule_parse(&rule, "x.cocci", &bytes, &err), 0);
	for (size_t i = 0; i < sizeof(besides) / sizeof(besides[0]); i++) {
		struct rq_semantic_file f = file_of(besides[i].before, besides[i].after);

		assert_why(rq_apart_check(&rule, &f), besides[i].why, i);
		release(&f);
	}
	rq_rule_release(&rule);
}

/* --- what spatch did not see --- */

#define COMMENT(line) \
	"x.c:" line   \
	": the comment among the arguments here would be lost; convert it by hand"
#define GROUP(line)                                                           \
	"x.c:" line                                                           \
	": spatch changes what stands in parentheses around this directive, " \
	"and sees one branch only; convert it by hand"
#define MACRO(line) "x.c:" line ": the macro here would be cut in two; convert it by hand"

static const struct {
	const char *before, *after, *why;
} hiddens[] = {
	{ "void f(void)\n{\n\told(a, b);\n}\n", "void f(void)\n{\n\tnew(a);\n}\n", NULL },
	{ "void f(void)\n{\n\told(a, /* why */ b);\n}\n",
	  "void f(void)\n{\n\tnew(a, /* why */ b);\n}\n", NULL },
	{ "void f(void)\n{\n\told(a, /* why */ b);\n}\n",
	  "void f(void)\n{\n\tnew(a, b);\n}\n", COMMENT("3") },
	{ "void f(void)\n{\n\tx(/* p */ a);\n\told(a, /* q */ b);\n}\n",
	  "void f(void)\n{\n\tx(/* p */ a);\n\tnew(a, b);\n}\n", COMMENT("4") },
	{ "void f(void)\n{\n\told(/* p */ a,\n\t\t/* q */ b);\n}\n",
	  "void f(void)\n{\n\tnew(/* q */ b,\n\t\t/* p */ a);\n}\n", COMMENT("4") },
	{ "void f(void)\n{\n\told(a); /* why */\n}\n", "void f(void)\n{\n\tnew(a);\n}\n",
	  NULL },
	{ "void f(void)\n{\n\tx(a);\n}\n", "void f(void)\n{\n\tx(/* new */ a);\n}\n",
	  NULL },
	/* directives in parentheses */
	{ "void f(void)\n{\n\told(a,\n#ifdef X\n\t  b\n#else\n\t  c\n#endif\n\t);\n}\n",
	  "void f(void)\n{\n\tnew(a,\n#ifdef X\n\t  b\n#else\n\t  c\n#endif\n\t);\n}\n",
	  NULL },
	{ "void f(void)\n{\n\told(a,\n#ifdef X\n\t  b\n#else\n\t  c\n#endif\n\t);\n}\n",
	  "void f(void)\n{\n\told(a,\n#ifdef X\n\t  d\n#else\n\t  c\n#endif\n\t);\n}\n",
	  GROUP("4") },
	{ "void f(void)\n{\n\tp(\n#ifdef X\n\ta\n#endif\n\t);\n\tq(\n#ifdef "
	  "Y\n\tb\n#endif\n\t);\n}\n",
	  "void f(void)\n{\n\tp(\n#ifdef X\n\ta\n#endif\n\t);\n\tq(\n#ifdef "
	  "Y\n\tc\n#endif\n\t);\n}\n",
	  GROUP("9") },
	{ "void f(void)\n{\n\tp(\n#ifdef X\n\ta\n#endif\n\t);\n}\n",
	  "void f(void)\n{\n}\n", GROUP("4") },
	{ "void f(void)\n{\n\tp(\n#ifdef X\n\ta\n#endif\n\t)",
	  "void f(void)\n{\n\tp(\n#ifdef X\n\tb\n#endif\n\t)", GROUP("4") },
	{ "void f(void)\n{\n\told(a);\n}\n#ifdef X\nint a;\n#endif\n",
	  "void f(void)\n{\n\tnew(a);\n}\n#ifdef X\nint b;\n#endif\n", NULL },
	/* macros */
	{ "#define M(a) old(a)\nint x;\n", "#define M(a) new(a)\nint x;\n", NULL },
	{ "#define M(a) \\\n\told(a)\nint x;\n", "#define M(a) \\\n\tnew(a)\nint x;\n",
	  NULL },
	{ "#define M(a) old(a)\nint x;\n", "#define M(a) new(a); \\\n\tmore(a)\nint x;\n",
	  MACRO("1") },
	{ "#define M(a) old(a)\nint x;\n", "#define M(a) new(a);\nmore(a);\nint x;\n",
	  MACRO("1") },
	{ "int x;\n#define M(a) old(a)\n#define M(a) old(b)\nint y;\n",
	  "int x;\n#define M(a) old(a)\n#define M(a) new(b) \\\n\tc\nint y;\n",
	  MACRO("3") },
	{ "#define M(a) old(a)\nint x;\n", "int x;\n", NULL },
	{ "#define M(a) old(a)\nint x;\n", "#define M(a) old(a)\nint x;\nint y;\n",
	  NULL },
	{ "#define M(a) old(a) /* b */\nint x;\n", "#define M(a) old(a)\nint x;\n",
	  NULL },
};

static void finds_what_was_not_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hiddens) / sizeof(hiddens[0]); i++) {
		struct rq_semantic_file f = file_of(hiddens[i].before, hiddens[i].after);

		assert_why(rq_hidden_check(&f), hiddens[i].why, i);
		release(&f);
	}
}

/* --- flow --- */

/* clang-format off */
#define TEXT                                       \
	"int a(void)\n{\n\tgoto retry;\n}\n"         /* 1 to 3: the last word */ \
	"int b(void)\n{\nretry:\n\tgoto retry;\n}\n" /* 5 to 8 */ \
	"int c(void)\n{\nout:\n\tx();\nout :\n\ty();\n}\n" /* 10 to 15 */ \
	"int d(void)\n{\n\tgoto retry;\n\tgoto retry;\n}\n" /* 17 to 20 */
/* clang-format on */

static const struct {
	const char *what;
	struct rq_unread want[3];
} flows[] = {
	{ "FLOW: can't jump to retry: because we can't find this label",
	  { { 7, 1, 3, 3 }, { 7, 17, 20, 19 } } },
	{ "FLOW: duplicate label out", { { 7, 10, 15, 12 } } },
	{ "FLOW: duplicate label retry", { { 7, 1, LONG_MAX, 1 } } },
	{ "FLOW: can't find enclosing loop: File \"mm/memory.c\", line 14",
	  { { 7, 10, 15, 14 } } },
	{ "FLOW: can't find enclosing loop: File \"mm/memory.c\", line 17",
	  { { 7, 17, 20, 17 } } },
	{ "FLOW: can't find enclosing loop: File \"mm/memory.c\", line 8",
	  { { 7, 5, 8, 8 } } },
	{ "FLOW: can't find enclosing loop: File \"mm/memory.c\", line 99",
	  { { 7, 1, LONG_MAX, 1 } } },
	{ "FLOW: not handling computed goto yet", { { 7, 1, LONG_MAX, 1 } } },
	{ "FLOW: deadcode detected: \", line 14", { { 0 } } },
};

static void finds_the_function_that_is_meant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
		struct rq_spatch_said said = { 0 };
		size_t n = 0;

		rq_flow_add(&said, 7, RQ_SLICE(TEXT), rq_slice_of(flows[i].what));
		for (; n < 3 && flows[i].want[n].from; n++) {
			const struct rq_unread *want = &flows[i].want[n], *got;

			if (n >= said.unread.n)
				fail_msg("row %zu: %zu places only", i, said.unread.n);
			got = &said.unread.v[n];
			if (got->file != want->file || got->from != want->from ||
			    got->to != want->to || got->line != want->line)
				fail_msg("row %zu: file %zu, lines %ld to %ld, line %ld",
					 i, got->file, got->from, got->to, got->line);
		}
		assert_int_equal(said.unread.n, n);
		rq_spatch_said_release(&said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_names_apart),
		cmocka_unit_test(keeps_names_beside),
		cmocka_unit_test(keeps_statements),
		cmocka_unit_test(finds_what_was_not_seen),
		cmocka_unit_test(finds_the_function_that_is_meant),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
