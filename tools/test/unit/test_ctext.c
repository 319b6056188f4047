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
	assert_int_equal(7, rq_ctext_each(RQ_SLICE("name stop name"), note, &seen));
	assert_string_equal(seen.s, "1c ");
	rq_str_release(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_definition_from_use),
		cmocka_unit_test(tells_kind_and_line_of_every_word),
	};

	return cmocka_run_group_tests_name("ctext", tests, NULL, NULL);
}
