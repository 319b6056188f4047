// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a piece of C text calls, uses as members and declares: shapes that kernel sources have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "util/cuse.h"
#include "util/mem.h"

/*
 * What was told, in order, calls and declarations where they close: "foo/2" a call, "->x" a member,
 * "int foo/1" a declaration, "#foo" a macro ("#=foo": one that may stand for a function); counts
 * that are none are "?" and "*".  "foo_##_bar" is what pasted
 * names begin and end with.
 */
struct sample {
	const char *text, *told;
};

static const struct sample samples[] = {
	/* calls and how many arguments they have */
	{ "\tfoo();\n", "foo/0" },
	{ "\tfoo(a);\n", "foo/1" },
	{ "\tfoo (a, b);\n", "foo/2" },
	{ "\tfoo(a, bar(b, c), (d, e));\n", "bar/2 foo/3" },
	{ "\tfoo(a,\n\t    b,\n\t    c);\n", "foo/3" },
	{ "\tx = foo(\"a, b\", ',', '\\'', \"\\\",\");\n", "foo/4" },
	{ "\tfoo(/* a, b */ c, // d, e\n\t    f);\n", "foo/2" },
	{ "\tfoo((struct s){ 1, 2 }, a[b, c]);\n", "foo/2" },
	{ "\tfoo(({ int x = bar(1, 2); x; }), 3);\n", "bar/2 foo/2" },
	{ "\tfoo(1);\n\tfoo(1.5e3, 0x2f, 3UL);\n", "foo/1 foo/3" },
	{ "\treturn foo(a);\n", "foo/1" },
	{ "\telse\n\t\tfoo(a);\n", "foo/1" },
	{ "\tif (foo(a) && !bar())\n\t\tbaz(1);\n", "foo/1 bar/0 baz/1" },
	{ "\tcase 1: foo(a); break;\n", "foo/1" },
	{ "\tout: foo(a);\n", "foo/1" },
	{ "\tx = (long)foo(a);\n", "foo/1" },
	{ "\tx = *foo(a);\n", "foo/1" },
	{ "\tx = y * foo(a);\n", "foo/1" },
	{ "\tx = a ? foo(b) : bar(c, d);\n", "foo/1 bar/2" },
	{ "\tfoo(bar);\n", "foo/1" },
	{ "\tfoo(sizeof(struct bar), typeof(x));\n", "foo/2" },
	{ "\tfoo(a)(b);\n", "foo/1" },
	{ "\twait(x, a; b, c);\n", "wait/?" },
	{ "\tfoo(a,\n", "foo/?" },
	{ "\tfoo(a,\n#ifdef X\n\t    b,\n#endif\n\t    c);\n", "foo/?" },
	/* what calls nothing */
	{ "\tif (a) while (b) for (;;) switch (c) return (d);\n", "" },
	{ "\tx = sizeof(a) + __alignof__(b) + __builtin_ctz(c);\n", "" },
	{ "\tasm volatile(\"nop\" : \"=r\" (x) : [y] \"r\" (z));\n", "" },
	{ "\tint (*cb)(int, int);\n", "" },
	{ "\t(*cb)(a, b);\n", "" },
	{ "\tx = (u32)(a);\n\t(foo)(a);\n", "" },
	{ "int x __attribute__((alias(\"foo\"), section(bar)));\n", "" },
	{ "\tchar *s = \"foo(a)\";\n", "" },
	{ "\t/* foo(a) */\n\t// bar(b)\n", "" },
	{ "\t/*\n\t * foo(a)\n\t * don't\n\t */\n", "" },
	{ "#if 0\n\tfoo(a)\n#endif\n", "" },
	{ "#if 0\n\tfoo();\n#if "
	  "1\n\tfoo();\n#else\n\tfoo();\n#endif\n\tfoo();\n#else\n\tbar();\n"
	  "#endif\n\tbaz();\n",
	  "bar/0 baz/0" },
	{ "#if defined(foo) && bar(1)\n#elif baz(2)\n#error don't foo(a)\n#include "
	  "<a(b)>\n#endif\n",
	  "" },
	/* a piece that begins in a comment */
	{ " * says foo(a), don't\n */\n\tbar(b);\n", "bar/1" },
	{ "\tfoo(a);\n * bar->x */ baz(1);\n", "baz/1" },
	/* members */
	{ "\tx = p->a + q.b->c;\n", "->a ->b ->c" },
	{ "\tp->ops->open(a, bar(1));\n", "->ops ->open bar/1" },
	{ "static struct s t = {\n\t.open = foo,\n\t.a.b = 1,\n};\n", "->open ->a ->b" },
	{ "\tx = p\n\t\t->a;\n", "->a" },
	{ "\tx = 1.5 + a...b;\n", "" },
	{ "#define for_each(p) for (p = h->first; p; p = next(p))\n",
	  "#=for_each ->first next/?" },
	/* declarations */
	{ "int foo(void);\n", "int foo/0" },
	{ "int foo();\n", "int foo/?" },
	{ "int foo(int a, ...);\n", "int foo/*" },
	{ "static inline int foo(struct s *a, int (*cb)(int, long), u32 (*x)(u8, "
	  "u8))\n{\n",
	  "static foo/3" },
	{ "static int\nfoo(\n\tstruct s\t*a,\n\tint\t\tb)\n{\n", "static foo/2" },
	{ "struct s *foo(int a);\n", "int foo/1" },
	{ "struct s **\nfoo(int a)\n{\n", "int foo/1" },
	{ "void foo(int a) __must_hold(b);\n", "int foo/1 __must_hold/1" },
	{ "\tfoo(a, ...);\n", "foo/*" },
	{ "void __printf(2, 3) foo(int a, const char *fmt, ...);\n",
	  "int __printf/2 int foo/*" },
	{ "int foo(int a\n#ifdef X\n\t, int b\n#endif\n\t);\n", "int foo/?" },
	{ "typedef int foo_t(int a);\n", "" },
	{ "extern pte_t (*foo)(int);\n", "pte_t/1" },
	{ "static DEFINE_SPINLOCK(lock);\n", "DEFINE_SPINLOCK/1" },
	{ "DEFINE_MUTEX(lock);\nMODULE_LICENSE(\"GPL\");\n",
	  "DEFINE_MUTEX/1 MODULE_LICENSE/1" },
	{ "\tstruct s *p __free(kfree) = NULL;\n", "__free/1" },
	{ "\tstruct s *p = foo(a);\n", "foo/1" },
	{ "int a(void)\n#ifdef X\n{\n#else\n{\n#endif\n\tif (b(1)) {\n\t}\n}\nint c(int "
	  "d)\n{\n}\n",
	  "int a/0 b/1 int c/1" },
	/* macros and what is pasted together */
	{ "#define FOO 1\n#define BAR (0x2)\n#define BAZ\n", "#FOO #BAR #BAZ" },
	{ "#define foo bar\n#define baz(a) (a)\n", "#=foo #=baz" },
	{ "#define FOO(x) \\\n\tfoo_##x(a); \\\n\tx##_bar(b); \\\n\tbaz(x)\n\tlast(1, "
	  "2);\n",
	  "#=FOO foo_##_ _##_bar baz/? last/2" },
	{ "#define FOO(x) p->x##_a, x->b##x\n", "#=FOO _##_a b##_" },
	{ "#define FOO(a, b) net_##a##_rl(b); x##y(1); a##b(2); f(c, ##__VA_ARGS__)\n",
	  "#=FOO net_##_rl f/?" },
	{ "#define FOO(a, \\\n\t\tb) net_##a##_x##b\n", "#=FOO net_##_" },
	{ "#define FOO(f, ...) f(__VA_ARGS__, ({ \\\n\t{ foo(1\n\tbar(2, 3);\n",
	  "#=FOO foo/? f/? bar/2" },
};

struct told {
	char text[4096];
};

static void add_args(struct told *told, int args)
{
	size_t n = strlen(told->text);

	if (args >= 0)
		snprintf(told->text + n, sizeof(told->text) - n, "/%d", args);
	else
		snprintf(told->text + n, sizeof(told->text) - n, "/%c",
			 args == RQ_ARGS_ANY ? '*' : '?');
}

static void add_text(struct told *told, const char *fmt, ...)
{
	size_t n = strlen(told->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(told->text + n, sizeof(told->text) - n, fmt, ap);
	va_end(ap);
}

static void add_pasted(struct told *told, const struct rq_cuse *use)
{
	add_text(told, "%.*s##%.*s",
		 RQ_SLICE_ARG(use->name.n ? use->name : RQ_SLICE("_")),
		 RQ_SLICE_ARG(use->back.n ? use->back : RQ_SLICE("_")));
}

static void add(const struct rq_cuse *use, void *ctx)
{
	const char *prefix = use->kind == RQ_CUSE_MEMBER  ? "->"
			     : use->kind == RQ_CUSE_MACRO ? use->alias ? "#=" : "#"
			     : use->kind == RQ_CUSE_DECLARES
				     ? use->is_static ? "static " : "int "
				     : "";
	struct told *told = ctx;

	if (use->kind == RQ_CUSE_COMMENT)
		told->text[0] = '\0';
	if (use->kind == RQ_CUSE_COMMENT || use->kind == RQ_CUSE_OTHER)
		return;
	add_text(told, told->text[0] ? " " : "");
	if (use->kind == RQ_CUSE_PASTED)
		add_pasted(told, use);
	else
		add_text(told, "%s%.*s", prefix, RQ_SLICE_ARG(use->name));
	if (use->kind == RQ_CUSE_CALL || use->kind == RQ_CUSE_DECLARES)
		add_args(told, use->args);
}

static void test_samples(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct told told = { "" };
		struct rq_cscan scan = { .each = add, .ctx = &told };

		rq_cscan_text(&scan, rq_slice_of(samples[i].text));
		if (strcmp(told.text, samples[i].told) != 0) {
			print_error("%s: told %s, not %s\n", samples[i].text, told.text,
				    samples[i].told);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

static void test_what_is_cut(void **state)
{
	static const struct {
		const char *text;
		bool start, end;
	} cuts[] = {
		{ "\tfoo(a, b);\n", false, false },
		{ "\tb, c);\n\tfoo(a);\n", true, false },
		{ "\tfoo(a,\n\t    b,\n", false, true },
		{ "\t}\n}\n\nint foo(int a)\n{\n\tif (a) {\n", false, false },
		{ " * end) of a comment\n */\n\tfoo(a);\n", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cuts); i++) {
		struct told told = { "" };
		struct rq_cscan scan = { .each = add, .ctx = &told };

		rq_cscan_text(&scan, rq_slice_of(cuts[i].text));
		assert_int_equal(scan.cut_start, cuts[i].start);
		assert_int_equal(scan.cut_end, cuts[i].end);
	}
}

struct lines {
	long line, last;
	int top, static_top;
};

static void note_lines(const struct rq_cuse *use, void *ctx)
{
	struct lines *lines = ctx;

	if (use->kind == RQ_CUSE_CALL && rq_slice_eq(use->name, RQ_SLICE("bar"))) {
		lines->line = use->line;
		lines->last = use->last;
	}
	if (use->kind == RQ_CUSE_DECLARES && use->top) {
		lines->top++;
		lines->static_top += use->is_static;
	}
}

static void test_lines_and_levels(void **state)
{
	static const char text[] = "extern int one(int a);\n"
				   "static int two(int b)\n"
				   "{\n"
				   "\tint three(int c);\n"
				   "\tbar(a,\n"
				   "\t    b(1),\n"
				   "\t    c);\n"
				   "}\n"
				   "int four(void)\n"
				   "{\n"
				   "}\n";
	struct lines lines = { 0 };
	struct rq_cscan scan = { .each = note_lines, .ctx = &lines };

	(void)state;
	rq_cscan_text(&scan, rq_slice_of(text));
	assert_int_equal(lines.line, 5);
	assert_int_equal(lines.last, 7);
	assert_int_equal(lines.top, 3);
	assert_int_equal(lines.static_top, 1);
}

static void add_argument(const struct rq_cuse *use, void *ctx)
{
	if (use->kind == RQ_CUSE_OTHER && use->argument)
		add_text(ctx, " %.*s", RQ_SLICE_ARG(use->name));
}

/* What macros may paste into names. */
static void test_arguments_at_file_level(void **state)
{
	static const char text[] = "PAGEFLAG(Foo, foo)\n"
				   "static DEFINE_X(bar, int a);\n"
				   "#define EACH(op) op(one, x) other(two)\n"
				   "int f(int b)\n"
				   "{\n"
				   "\tDEFINE_Y(c, g(d));\n"
				   "}\n";
	struct told told = { "" };
	struct rq_cscan scan = { .each = add_argument, .ctx = &told };

	(void)state;
	rq_cscan_text(&scan, rq_slice_of(text));
	assert_string_equal(told.text, " Foo foo bar int a one x");
}

/* Deeper than the scanner follows: nothing is miscounted behind it. */
static void test_depth(void **state)
{
	char text[4096] = "\tdeep(";
	struct told told = { "" };
	struct rq_cscan scan = { .each = add, .ctx = &told };

	(void)state;
	for (int i = 0; i < 200; i++)
		strcat(text, "(");
	strcat(text, "a, b");
	for (int i = 0; i < 200; i++)
		strcat(text, ")");
	strcat(text, ", c);\n\tfoo(a, b);\n");
	rq_cscan_text(&scan, rq_slice_of(text));
	assert_string_equal(told.text, "deep/2 foo/2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_what_is_cut),
		cmocka_unit_test(test_lines_and_levels),
		cmocka_unit_test(test_arguments_at_file_level),
		cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
