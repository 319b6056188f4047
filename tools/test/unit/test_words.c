// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three versions of a few lines merged word by word: what is merged, what is not, and the line that
 * is named.
 */
#include "image.h"

#include "apply/apply_internal.h"

static const struct {
	const char *base, *ours, *theirs;
	const char *want; /* NULL: it cannot be merged */
	long merged;	  /* where the first line begins that both changed; -1: none */
} samples[] = {
	/* Two operands of one line, whoever has the first. */
	{ "f(a, b);\n", "f(x, b);\n", "f(a, y);\n", "f(x, y);\n", 0 },
	{ "f(a, b);\n", "f(a, y);\n", "f(x, b);\n", "f(x, y);\n", 0 },
	{ "a; b;\n", "x; b;\n", "a; y;\n", "x; y;\n", 0 },
	{ "x[a] = y[b];\n", "x[i] = y[b];\n", "x[a] = y[k];\n", "x[i] = y[k];\n", 0 },
	{ "{ a, b }\n", "{ x, b }\n", "{ a, y }\n", "{ x, y }\n", 0 },
	/* One operand. */
	{ "a + b;\n", "x + b;\n", "a + y;\n", NULL, 0 },
	{ "f(a + b);\n", "f(x + b);\n", "f(a + y);\n", NULL, 0 },
	{ "f(a->b);\n", "f(x->b);\n", "f(a->y);\n", NULL, 0 },
	{ "f(a, b);\n", "f(x, b);\n", "f(y, b);\n", NULL, 0 },
	{ "f(a + b, c);\n", "f(a + b + d, c);\n", "f(x + b, c);\n", NULL, 0 },
	{ "f(a + b, c);\n", "f(x + b, c);\n", "f(d + a + b, c);\n", NULL, 0 },
	/* The same edit twice is one. */
	{ "f(a, b);\n", "f(x, b);\n", "f(x, b);\n", "f(x, b);\n", -1 },
	/* Only one side changed it. */
	{ "f(a, b);\n", "f(x, b);\n", "f(a, b);\n", "f(x, b);\n", -1 },
	{ "f(a, b);\n", "f(a, b);\n", "f(a, y);\n", "f(a, y);\n", -1 },
	/* An argument more. */
	{ "f(a, b);\n", "f(x, b);\n", "f(a, b, c);\n", "f(x, b, c);\n", 0 },
	{ "f(a, b);\n", "f(a, b, c);\n", "f(x, b);\n", "f(x, b, c);\n", 0 },
	{ "f(a, b);\n", "f(a, y);\n", "f(n, a, b);\n", "f(n, a, y);\n", 0 },
	{ "f(a, b);\n", "f(a, x, b);\n", "f(a, y, b);\n", NULL, 0 },
	{ "f(a, b);\n", "f(n, a, b);\n", "f(a, b, c);\n", "f(n, a, b, c);\n", 0 },
	{ "f(a, b);\n", "f(a, b, c);\n", "f(a, y);\n", "f(a, y, c);\n", 0 },
	/* An argument less. */
	{ "f(a, b, c);\n", "f(a, c);\n", "f(x, b, c);\n", "f(x, c);\n", 0 },
	{ "f(a, b, c, d);\n", "f(a, b, d);\n", "f(x, b, c, d);\n", "f(x, b, d);\n", 0 },
	{ "f(a, b, c);\n", "f(a, c);\n", "f(a, y, c);\n", NULL, 0 },
	/* What another function is called with is not the same. */
	{ "f(a, b);\n", "g(a, b);\n", "f(x, b);\n", NULL, 0 },
	{ "f(a, b);\n", "g(a, b);\n", "f(a, y);\n", "g(a, y);\n", 0 },
	{ "x = f(a);\n", "y = f(a);\n", "x = f(b);\n", "y = f(b);\n", 0 },
	/* Operators and strings are one word. */
	{ "f(a << b, c);\n", "f(a <<= b, c);\n", "f(a << b, d);\n", "f(a <<= b, d);\n",
	  0 },
	{ "f(\"a, b\", c);\n", "f(\"x, b\", c);\n", "f(\"a, y\", c);\n", NULL, 0 },
	{ "f(\"a, \\\"b\", c);\n", "f(\"x, \\\"b\", c);\n", "f(\"a, \\\"b\", d);\n",
	  "f(\"x, \\\"b\", d);\n", 0 },
	/* Blanks are nobody's. */
	{ "f(a,  b);\n", "f(a, b);\n", "f(a,  y);\n", "f(a, y);\n", 0 },
	/* Lines that one side adds. */
	{ "f(a, b);\n", "one\nf(x, b);\n", "f(a, y);\n", "one\nf(x, y);\n", 4 },
	{ "f(a, b);\n", "f(x, b);\n", "f(a, y);\ntwo\n", "f(x, y);\ntwo\n", 0 },
	{ "f(a, b);\n", "one\nf(x, b);\n", "f(a, y);\ntwo\n", "one\nf(x, y);\ntwo\n", 4 },
	{ "f(a, b);\n", "one\nf(x, b);\n", "one\nf(a, y);\n", "one\nf(x, y);\n", 4 },
	{ "f(a, b);\n", "one\nf(x, b);\n", "two\nf(a, y);\n", NULL, 0 },
	{ "f(a, b);\n", "one\nf(x, b);\n", "one\ntwo\nf(a, y);\n", NULL, 0 },
	{ "one(1);\nf(a, b);\n", "new;\none(1);\nsame;\nf(a, b);\n",
	  "one(1);\nsame;\nf(a, y);\n", "new;\none(1);\nsame;\nf(a, y);\n", -1 },
	/* Beside a line that the other side takes away. */
	{ "gone(1);\nf(a, b);\n", "one\ngone(1);\nf(x, b);\n", "f(a, y);\n", NULL, 0 },
	{ "gone(1);\nf(a, b);\n", "gone(1);\none\nf(x, b);\n", "f(a, y);\n", NULL, 0 },
	{ "gone(1);\nf(a, b);\n", "gone(1);\nf(x, b);\n", "f(a, y);\n", "f(x, y);\n", 0 },
	{ "gone(1);\nf(a, b);\n", "f(x, b);\n", "gone(1);\nf(a, y);\n", "f(x, y);\n", 0 },
	{ "gone(1);\nf(a, b);\n", "f(x, b);\n", "f(a, y);\n", "f(x, y);\n", 0 },
	{ "gone(1, 2);\nf(a, b);\n", "gone(1, 3);\nf(x, b);\n", "f(a, y);\n", NULL, 0 },
	{ "gone(1, 2);\nf(a, b);\n", "f(x, b);\n", "gone(3, 2);\nf(a, y);\n", NULL, 0 },
	/* The second line is the first that both changed. */
	{ "same(1, 2);\nf(a, b);\n", "same(1, 3);\nf(x, b);\n", "same(1, 2);\nf(a, y);\n",
	  "same(1, 3);\nf(x, y);\n", 12 },
	{ "f(a, b);\ng(a, b);\n", "f(x, b);\ng(x, b);\n", "f(a, y);\ng(a, y);\n",
	  "f(x, y);\ng(x, y);\n", 0 },
	/* Too little in common. */
	{ "f(a, b);\n", "return 0;\n", "f(a, y);\n", NULL, 0 },
	{ "f(a, b);\n", "f(a, c, d, e, g, h);\n", "f(x, b);\n", NULL, 0 },
	{ "f(a, b);\n", "f(x, b);\n", "f(a, c, d, e, g, h);\n", NULL, 0 },
	/* Less than half of their words, and exactly half. */
	{ "aa,bb;\n", "aa,cc,dd;\n", "xx,bb;\n", NULL, 0 },
	{ "aa,bb;\n", "xx,bb;\n", "aa,cc,dd;\n", NULL, 0 },
	{ "aa,bb;\n", "aa,cc+-+-+-;\n", "xx,bb;\n", "xx,cc+-+-+-;\n", 0 },
	{ "aa,bb;\n", "xx,bb;\n", "aa,cc+-+-+-;\n", "xx,cc+-+-+-;\n", 0 },
	{ "aa,bb;\n", "aa,cc+-+-+-+;\n", "xx,bb;\n", NULL, 0 },
	/* Equal lines are pairs before lines that are alike. */
	{ "f(a, b);\nf(a, c);\n", "f(a, c);\nf(a, d);\n", "f(a, b, z);\nf(a, c);\n", NULL,
	  0 },
	{ "f(a, b);\n", "", "f(a, y);\n", NULL, 0 },
	{ "f(a, b);\n", "f(x, b);\n", "", NULL, 0 },
	{ "", "one\n", "", "one\n", -1 },
	{ "", "", "two\n", "two\n", -1 },
	{ "", "one\n", "two\n", NULL, 0 },
	{ "", "same\n", "same\n", "same\n", -1 },
};

static struct rq_file *file_of(struct rq_image *image)
{
	struct rq_file *file;
	struct rq_err err;

	assert_int_equal(rq_image_file(image, "a", &file, &err), 0);
	return file;
}

static void versions_are_merged_or_not(void **state)
{
	const struct held held[] = { { "a", "1\n", 0 }, { 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_image *image = new_image(held);
		struct rq_str out = { 0 };
		size_t merged;
		bool good =
			rq_merge_words(&out, file_of(image), rq_slice_of(samples[i].base),
				       rq_slice_of(samples[i].ours),
				       rq_slice_of(samples[i].theirs), &merged);

		if (good != !!samples[i].want)
			fail_msg("sample %zu: %s: %s", i, good ? "merged" : "not merged",
				 good ? out.s : samples[i].base);
		else if (good && strcmp(out.s ? out.s : "", samples[i].want) != 0)
			fail_msg("sample %zu: %s", i, out.s);
		else if (good &&
			 merged != (samples[i].merged < 0 ? SIZE_MAX
							  : (size_t)samples[i].merged))
			fail_msg("sample %zu: both changed byte %zu", i, merged);
		rq_str_release(&out);
		rq_image_free(image);
	}
}

/* Whether @n more lines, or words in the line, may follow what both change. */
static bool merges(size_t n, bool lines)
{
	static const char *const middle[] = { "f(a, b);", "f(x, b);", "f(a, y);" };
	const struct held held[] = { { "a", "1\n", 0 }, { 0 } };
	struct rq_image *image = new_image(held);
	struct rq_str texts[3] = { 0 }, out = { 0 };
	size_t merged;
	bool good;

	for (size_t t = 0; t < 3; t++) {
		rq_str_adds(&texts[t], middle[t]);
		for (size_t i = 0; i < n; i++)
			rq_str_addf(&texts[t],
				    lines   ? "\nline%zu;"
				    : i % 2 ? ";"
					    : "w%zu",
				    i);
		rq_str_adds(&texts[t], "\n");
	}
	good = rq_merge_words(&out, file_of(image), rq_str_slice(&texts[0]),
			      rq_str_slice(&texts[1]), rq_str_slice(&texts[2]), &merged);
	for (size_t t = 0; t < 3; t++)
		rq_str_release(&texts[t]);
	rq_str_release(&out);
	rq_image_free(image);
	return good;
}

static void only_a_few_lines_of_a_few_words(void **state)
{
	(void)state;
	assert_true(merges(59, true));
	assert_false(merges(60, true));
	/* 9 words and the newline are there. */
	assert_true(merges(159 - 9, false));
	assert_false(merges(160 - 9, false));
}

static void what_is_compared_counts(void **state)
{
	const struct held held[] = { { "a", "1\n", 0 }, { 0 } };
	struct rq_image *image = new_image(held);
	struct rq_file *file = file_of(image);
	struct rq_str out = { 0 };
	size_t merged;

	(void)state;
	/* 9 words twice with 9 of each side, at the price of half a line. */
	assert_true(rq_merge_words(&out, file, RQ_SLICE("f(a, b);\n"),
				   RQ_SLICE("f(x, b);\n"), RQ_SLICE("f(a, y);\n"),
				   &merged));
	assert_int_equal(file->work, 81);
	while (!rq_file_is_spent(file))
		rq_file_spend(file, 1000000);
	assert_false(rq_merge_words(&out, file, RQ_SLICE("f(a, b);\n"),
				    RQ_SLICE("f(x, b);\n"), RQ_SLICE("f(a, y);\n"),
				    &merged));
	rq_str_release(&out);
	rq_image_free(image);
}

/* Each is one word, and the newline another. */
static void what_a_word_is(void **state)
{
	static const char *const words[] = {
		"<<=", ">>=",	  "...",  "->",		"++",	    "--",     "<<", ">>",
		"<=",  ">=",	  "==",	  "!=",		"&&",	    "||",     "+=", "-=",
		"*=",  "/=",	  "%=",	  "&=",		"|=",	    "^=",     ":=", "?=",
		"##",  "/*",	  "*/",	  "//",		"+",	    "a_1",    "12", " ",
		" \t", "\"a b\"", "\"\"", "\"a\\\"b\"", "\"\\\\\"", "\"open", "\"",
	};
	const struct held held[] = { { "a", "1\n", 0 }, { 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct rq_image *image = new_image(held);
		struct rq_file *file = file_of(image);
		char *line = rq_xasprintf("%s\n", words[i]);
		struct rq_slice text = rq_slice_of(line);
		struct rq_str out = { 0 };
		size_t merged;

		assert_true(rq_merge_words(&out, file, text, text, text, &merged));
		if (file->work != 2 * (2 + 2) / 2)
			fail_msg("%s: compared %zu", words[i], file->work);
		assert_string_equal(out.s, line);
		rq_str_release(&out);
		free(line);
		rq_image_free(image);
	}
}

/* --- the rung: conflicts of a merge with the tree that the patch was made for --- */

#define TOP "int f(void)\n{\n\tint one;\n\tint two;\n\tint three;\n"
#define MID "\tstatement(1);\n\tstatement(2);\n\tstatement(3);\n\tstatement(4);\n"
#define END "\treturn 0;\n}\n"
#define A_B "\tg(a, b);\n"

static const struct {
	const char *source, *ours, *hunks;
	const char *want, *why; /* NULL: a conflict */
} merges_of[] = {
	{ TOP A_B END, TOP "\tg(x, b);\n" END,
	  "@@ -5,3 +5,3 @@\n \tint three;\n-" A_B "+\tg(a, y);\n \treturn 0;\n",
	  TOP "\tg(x, y);\n" END, "merged word by word at line 6: 'g(x, y);'" },
	{ TOP A_B END, TOP "\tg(x, b);\n" END,
	  "@@ -5,3 +5,3 @@\n \tint three;\n-" A_B "+\tg(y, b);\n \treturn 0;\n", NULL,
	  NULL },
	/* Two of them: the first that both changed is named, by its line in the result. */
	{ TOP A_B MID "\th(a, b);\n" END,
	  TOP "\tnew(0);\n\tg(x, b);\n" MID "\th(x, b);\n" END,
	  "@@ -5,3 +5,3 @@\n \tint three;\n-" A_B "+\tg(a, y);\n \tstatement(1);\n"
	  "@@ -10,3 +10,3 @@\n \tstatement(4);\n-\th(a, b);\n+\th(a, y);\n \treturn 0;\n",
	  TOP "\tnew(0);\n\tg(x, y);\n" MID "\th(x, y);\n" END,
	  "merged word by word at line 7: 'g(x, y);'" },
	{ TOP A_B MID "\th(a, b);\n" END, TOP "\tg(x, b);\n" MID "\th(x, b);\n" END,
	  "@@ -5,3 +5,3 @@\n \tint three;\n-" A_B "+\tg(a, y);\n \tstatement(1);\n"
	  "@@ -10,3 +10,3 @@\n \tstatement(4);\n-\th(a, b);\n+\th(y, b);\n \treturn 0;\n",
	  NULL, NULL },
	/* Lines that look like the marks of a conflict. */
	{ TOP "<<<<<<< x\n" A_B "=======\n>>>>>>> y\n" END,
	  TOP "<<<<<<< x\n\tg(x, b);\n=======\n>>>>>>> y\n" END,
	  "@@ -6,3 +6,3 @@\n <<<<<<< x\n-" A_B "+\tg(a, y);\n =======\n",
	  TOP "<<<<<<< x\n\tg(x, y);\n=======\n>>>>>>> y\n" END,
	  "merged word by word at line 7: 'g(x, y);'" },
	{ TOP "|||||||||| x\n" A_B END, TOP "|||||||||| x\n\tg(x, b);\n" END,
	  "@@ -6,3 +6,3 @@\n |||||||||| x\n-" A_B "+\tg(a, y);\n \treturn 0;\n",
	  TOP "|||||||||| x\n\tg(x, y);\n" END,
	  "merged word by word at line 7: 'g(x, y);'" },
};

static void conflicts_are_merged_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(merges_of); i++) {
		const struct held ours[] = { { "a.c", merges_of[i].ours, 0 }, { 0 } };
		const struct held theirs[] = { { "a.c", merges_of[i].source, 0 }, { 0 } };
		struct rq_image *image = new_image(ours), *source = new_image(theirs);
		const struct rq_apply_options options = { .source = source,
							  .anchors = true };
		char *text = rq_xasprintf("--- a/a.c\n+++ b/a.c\n%s", merges_of[i].hunks);
		struct rq_patch *patch = read_patch("x.patch", text);
		struct rq_entry_record entry = { 0 };
		struct rq_str reason = { 0 };
		struct rq_err err = { 0 };
		bool merged;

		assert_int_equal(rq_apply(image, patch, &options, &entry, &err), 0);
		for (size_t k = 0; k < entry.hunks.n && !reason.len; k++)
			if (entry.hunks.v[k].why)
				rq_reason_print(&reason, entry.hunks.v[k].why);
		merged = entry.outcome == RQ_MERGED;
		if (merged != !!merges_of[i].want ||
		    (merged && !strstr(reason.s ? reason.s : "", merges_of[i].why)))
			fail_msg("sample %zu: outcome %d: %s", i, entry.outcome,
				 reason.s ? reason.s : "");
		assert_file(image, "a.c", merged ? merges_of[i].want : merges_of[i].ours);
		rq_str_release(&reason);
		rq_entry_release(&entry);
		rq_patch_free(patch);
		rq_image_free(image);
		rq_image_free(source);
		free(text);
	}
}

int main(void)
{
	int failed;

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_merged_or_not),
		cmocka_unit_test(only_a_few_lines_of_a_few_words),
		cmocka_unit_test(what_is_compared_counts),
		cmocka_unit_test(what_a_word_is),
		cmocka_unit_test(conflicts_are_merged_or_not),
	};

	rq_git_init();
	failed = cmocka_run_group_tests_name("words", tests, NULL, NULL);
	rq_git_shutdown();
	return failed;
}
