// SPDX-License-Identifier: GPL-2.0-only
/*
 * Present-if's question: does a file define a name, or merely use it?
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "util/ctext.h"

struct sample {
	const char *text;
	bool defines;
};

static const struct sample samples[] = {
	{ "#define name 1\n", true },
	{ "#  define name(x) (x)\n", true },
	{ "\t#define name\n", true },
	{ "#define other name\n", false },
	{ "#define other \\\n\tname(1)\n", false },
	{ "#ifdef name\n#endif\n", false },
	{ "int name(void);\n", true },
	{ "static inline int\nname(struct page *page)\n{\n\treturn 0;\n}\n", true },
	{ "static __always_inline int name(int a)\n{\n}\n", true },
	{ "int other(int name);\n", false },
	{ "int other(void)\n{\n\treturn name();\n}\n", false },
	{ "int other(void)\n{\n\tint name = 1;\n}\n", false },
	{ "/* int name(void); */\n", false },
	{ "// name();\nint a;\n", false },
	{ "char *s = \"int name(void);\";\n", false },
	{ "char c = '\"'; int name(void);\n", true },
	{ "#define Q '\"'\nint name(void); /* \" */\n", true },
	{ "#error don't\nint name(void);\n", true },
	{ "struct name {\n\tint a;\n};\n", true },
	{ "struct name;\n", false },
	{ "struct name *p;\n", false },
	{ "struct other {\n\tint name;\n};\n", false },
	{ "enum e {\n\tFIRST,\n\tname,\n};\n", true },
	{ "enum e {\n\tname = 0,\n};\n", true },
	{ "enum name {\n\tFIRST,\n};\n", true },
	{ "int name;\n", true },
	{ "int name[3];\n", true },
	{ "int name = 3;\n", true },
	{ "int other = name;\n", false },
	{ "const struct ops o = {\n\t.call = name,\n};\n", false },
	{ "typedef struct { int a; } name;\n", true },
	{ "int my_name(void);\nint name_too(void);\n", false },
	/* Both arms of an #if open a brace; the one in column 0 closes all. */
	{ "int a(void)\n#ifdef X\n{\n#else\n{\n#endif\n\tif (1) {\n\t}\n}\nint "
	  "name(void)\n{\n}\n",
	  true },
	{ "int a(void)\n{\n#ifdef X\n\tif (1) {\n#else\n\tif (2) "
	  "{\n#endif\n\t\tname();\n\t}\n}\n",
	  false },
	/* Both arms close a brace: what follows seems to stand outside of all functions. */
	{ "int a(void)\n{\n\tif (1) {\n#ifdef X\n\t}\n#else\n\t}\n#endif\n"
	  "\tname(1);\n\treturn 0;\n}\n",
	  false },
	{ "}\n\treturn name(1);\n}\n", false },
	{ "}\n\telse name(1);\n}\n", false },
	{ "struct page *name(int a);\n", true },
	{ "extern \"C\"\nint name(void);\n", true },
	{ "name", false },
	{ "", false },
};

static void tells_definition_from_use(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		if (rq_ctext_defines(rq_slice_of(samples[i].text), "name") !=
		    samples[i].defines)
			fail_msg("sample %zu: %s", i, samples[i].text);
}

static int note(const struct rq_word *word, void *ctx)
{
	static const char kinds[] = { [RQ_WORD_CODE] = 'c',
				      [RQ_WORD_DEFINES] = 'd',
				      [RQ_WORD_COMMENT] = 'x',
				      [RQ_WORD_STRING] = 's' };

	if (rq_slice_eq(word->text, RQ_SLICE("stop")))
		return 7;
	if (rq_slice_starts(word->text, "name"))
		rq_str_addf(ctx, "%ld%c ", word->line, kinds[word->kind]);
	return 0;
}

static void tells_kind_and_line_of_every_word(void **state)
{
	struct rq_str seen = { 0 };

	(void)state;
	assert_int_equal(
		0, rq_ctext_each(RQ_SLICE("/* name\n * name */ // name\n"
					  "#define name name \\\n\tname /* name */\n"
					  "int name(void);\n"
					  "int f(void)\n{\n\treturn name(\"name\","
					  " name1);\n}\n/* name"),
				 note, &seen));
	assert_string_equal(seen.s, "1x 2x 2x 3d 3c 4c 4x 5d 8c 8s 8c 10x ");
	rq_str_release(&seen);
	rq_ctext_each(
		RQ_SLICE("#define Q(x) ((x) == '\"' ? name(x) : 0)\n#error don't name\n"),
		note, &seen);
	assert_string_equal(seen.s, "1c 2s ");
	rq_str_release(&seen);
	assert_int_equal(7, rq_ctext_each(RQ_SLICE("name stop name"), note, &seen));
	assert_string_equal(seen.s, "1c ");
	rq_str_release(&seen);
}

static int note_unit(const struct rq_word *word, void *ctx)
{
	if (rq_slice_starts(word->text, "w"))
		rq_str_addf(ctx, "%.*s:%ld ", RQ_SLICE_ARG(word->text), word->unit);
	return 0;
}

/* What stands at file level, counted; within a body miscounted braces end nothing. */
static const struct {
	const char *text, *units;
} units[] = {
	{ "int w1;\nint w2(int w3);\n", "w1:1 w2:2 w3:2 " },
	{ "int w1(int w2)\n{\n\tw3();\n}\nint w4;\n", "w1:1 w2:1 w3:1 w4:2 " },
	{ "int w1(void) { return w2; }\nint w3(void) { { } }\nint w4;\n",
	  "w1:1 w2:1 w3:2 w4:3 " },
	{ "#include w1\n#define w2 \\\n\tw3\nint w4(void)\n{\n#ifdef "
	  "w5\n\tw6;\n#endif\n}\n",
	  "w1:1 w2:2 w3:2 w4:3 w5:3 w6:3 " },
	{ "int w1(void)\n{\n\tif (1) {\n#ifdef w2\n\t}\n#else\n\t}\n#endif\n\tw3;\n"
	  "\tw4;\n}\nint w5;\n",
	  "w1:1 w2:1 w3:1 w4:1 w5:2 " },
	{ "int w1(int a,\n#ifdef w2\n\tint b,\n#endif\n\tint w3)\n{\n}\nint w4;\n",
	  "w1:1 w2:1 w3:1 w4:2 " },
	{ "struct w1 {\n\tint w2;\n} w3;\nint w4;\n", "w1:1 w2:1 w3:2 w4:3 " },
	/* A brace that stands too far left. */
	{ "int w1(void)\n{\n\tif (1) {\n}\n\n/* x */\n#if 1 \\\n\t|| "
	  "2\n\tw2;\n#endif\n}\nint w3;\n",
	  "w1:1 w2:1 w3:2 " },
	{ "int w1(void)\n{\n\tif (1) {\n}\n#if 1 \\\n\\\n|| 2\n\tw2;\n#endif\n}\nint "
	  "w3;\n",
	  "w1:1 w2:1 w3:2 " },
	{ "int w1(void)\n{\n\tif (1) {\n}\nout:\n\tw2;\n}\n\n#if 1\nint w3;\n#endif\n",
	  "w1:1 w2:1 w3:3 " },
};

static void counts_what_stands_at_file_level(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct rq_str seen = { 0 };

		rq_ctext_each(rq_slice_of(units[i].text), note_unit, &seen);
		if (strcmp(seen.s, units[i].units) != 0)
			fail_msg("sample %zu: %s", i, seen.s);
		rq_str_release(&seen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_definition_from_use),
		cmocka_unit_test(tells_kind_and_line_of_every_word),
		cmocka_unit_test(counts_what_stands_at_file_level),
	};

	return cmocka_run_group_tests_name("ctext", tests, NULL, NULL);
}
