// SPDX-License-Identifier: GPL-2.0-only
/*
 * Macros that stand for several arguments: what is one, and which arguments of a call may be.
 */
#include "image.h"

#include "queue/exist_internal.h"

static struct rq_file *open_text(struct rq_image **image, struct held held[2],
				 const char *text)
{
	struct rq_file *file;
	struct rq_err err;

	held[0] = (struct held){ "a.h", text, 0 };
	held[1] = (struct held){ 0 };
	*image = new_image(held);
	assert_int_equal(rq_image_file(*image, "a.h", &file, &err), 0);
	return file;
}

static void macros_of_several_arguments(void **state)
{
	static const struct {
		const char *text;
		bool several;
	} samples[] = {
		{ "#define PAIR a, b\n", true },
		{ "#  define PAIR a, b\n", true },
		{ "#define PAIR\ta, b", true },
		{ "int x;\n#define ONE 1\n#define PAIR a, b\n", true },
		{ "#define PAIR 1\n#define PAIR a, b\n", true },
		{ "#define PAIR(x) x, b\n", true },
		{ "#define PAIR(x, y) x, y\n", true },
		{ "#define PAIR() a, b\n", true },
		{ "#define PAIR(x), b\n", true },
		{ "#define PAIR \\\n\ta, \\\n\tb\n", true },
		{ "#define PAIR(x, \\\n\ty) x, y\n", true },
		{ "#define PAIR \"(\", b\n", true },
		{ "#define PAIR ')', b\n", true },
		{ "#define PAIR '\\'', b\n", true },
		{ "#define PAIR (a), b\n", true },
		{ "#define PAIR f(a), b\n", true },
		/* One, or none. */
		{ "#define PAIR a\n", false },
		{ "#define PAIR\n", false },
		{ "#define PAIR(x, y) x\n", false },
		{ "#define PAIR(x)(a, b)\n", false },
		{ "#define PAIR (a, b)\n", false },
		{ "#define PAIR f(a, b)\n", false },
		{ "#define PAIR [a, b]\n", false },
		{ "#define PAIR { a, b }\n", false },
		{ "#define PAIR f((a), b)\n", false },
		{ "#define PAIR \"a, b\"\n", false },
		{ "#define PAIR \"\\\", b\"\n", false },
		{ "#define PAIR ','\n", false },
		{ "#define PAIR \"a\n", false },
		{ "#define PAIR a\nint b, c;\n", false },
		{ "#define PAIR a \\ \nint b, c;\n", false },
		{ "#define PAIRS a, b\n", false },
		{ "#define PAI a, b\n", false },
		{ "#undef PAIR a, b\n", false },
		{ "define PAIR a, b\n", false },
		{ "xdefine PAIR a, b\n", false },
		{ "#define MINE a, b\n", false },
		{ "#define PA", false },
		{ "#define PAIR", false },
		{ "#define PAIR(x, y", false },
		{ "int PAIR(a, b);\n", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct held held[2];
		struct rq_image *image;
		struct rq_file *file = open_text(&image, held, samples[i].text);

		if (rq_exist_is_several(file, RQ_SLICE("PAIR")) != samples[i].several)
			fail_msg("sample %zu: %s", i, samples[i].text);
		rq_image_free(image);
	}
}

static void arguments_that_may_be_macros(void **state)
{
	static const struct {
		const char *text, *words;
		long first, last;
	} samples[] = {
		{ "f(PAIR);\n", "PAIR", 0, 0 },
		{ "f(PAIR, b1);\n", "PAIR b1", 0, 0 },
		{ "f( PAIR , b1 );\n", "PAIR b1", 0, 0 },
		{ "f(PAIR(x, y), b1);\n", "PAIR b1", 0, 0 },
		{ "f(PAIR (x), b1)\n", "PAIR b1", 0, 0 },
		{ "f(one,\n  two);\n", "one two", 0, 1 },
		{ "f(one,\n  two);\n", "one", 0, 0 },
		{ "x;\nf(one);\nf(two);\n", "one", 1, 1 },
		{ "x = f(one) + two(three);\n", "one", 0, 0 },
		{ "xf(one); f(two);\n", "two", 0, 0 },
		{ "f(one, one);\n", "one", 0, 0 },
		{ "f(\"a, b\", ')', c1);\n", "c1", 0, 0 },
		{ "f(\"\\\"\", c1);\n", "c1", 0, 0 },
		{ "f(a1[i, j], { b1, c1 }, d1);\n", "d1", 0, 0 },
		/* One letter is no macro's name, and a number or more than a word is none. */
		{ "f(a, b1 + c1, (d1), e1 f1, *g1, h1->i1);\n", "", 0, 0 },
		{ "f(PAIR(x)(y), PAIR(x) + 1, PAIR(x);\n", "", 0, 0 },
		{ "f();\n", "", 0, 0 },
		{ "f(\n", "", 0, 0 },
		{ "g(one);\n", "", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		const struct rq_exist_look look = { .used_line = samples[i].first,
						    .used_last = samples[i].last };
		struct held held[2];
		struct rq_image *image;
		struct rq_file *file = open_text(&image, held, samples[i].text);
		struct rq_names words = { 0 };
		struct rq_str text = { 0 };

		rq_exist_lone_words(&words, file, &look, RQ_SLICE("f"));
		for (size_t k = 0; k < words.v.n; k++)
			rq_str_addf(&text, "%s%s", k ? " " : "", words.v.v[k]);
		if (strcmp(text.s ? text.s : "", samples[i].words) != 0)
			fail_msg("sample %zu: '%s'", i, text.s ? text.s : "");
		rq_str_release(&text);
		rq_names_release(&words);
		rq_image_free(image);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(macros_of_several_arguments),
		cmocka_unit_test(arguments_that_may_be_macros),
	};

	return cmocka_run_group_tests_name("exist", tests, NULL, NULL);
}
