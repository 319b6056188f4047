// SPDX-License-Identifier: GPL-2.0-only
/*
 * Present-if's question: does a file define a name, or merely use it?
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "queue/defines.h"

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
	{ "extern \"C\"\nint name(void);\n", true },
	{ "name", false },
	{ "", false },
};

static void tells_definition_from_use(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		if (rq_text_defines(rq_slice_of(samples[i].text), "name") !=
		    samples[i].defines)
			fail_msg("sample %zu: %s", i, samples[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tells_definition_from_use) };

	return cmocka_run_group_tests_name("defines", tests, NULL, NULL);
}
