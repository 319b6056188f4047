// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts that patch(1) takes for diffs, and texts that it does not.  Each stands before, between and
 * behind two diffs.  What is expected was seen with GNU patch 2.7.6; `make differential` asks it again.
 */
#include "scratch.h"

#include "patch/patch.h"

#define A "--- a/a.c\n+++ b/a.c\n@@ -3,4 +3,5 @@\n a3\n a4\n+good\n a5\n a6\n"
#define B                                                         \
	"diff --git a/b.c b/b.c\nindex 1234567..89abcde 100644\n" \
	"--- a/b.c\n+++ b/b.c\n@@ -3,4 +3,5 @@\n b3\n b4\n+good\n b5\n b6\n"
#define HUNK " @@ -3,4 +3,5 @@\n  c3\n  c4\n +evil\n  c5\n  c6\n"

/* What is expected before the first diff, between them, and behind the last: '.' harmless, '*' the
 * diff below changes, else the first letter of what starts. */
struct example {
	const char *text, *expected;
};

static const struct example examples[] = {
	/* no header, no diff */
	{ "It is gone.\n", "..." },
	{ HUNK, "..." },
	{ " @@ -508,8 +508,8 @@ it\n", "..." },
	{ "  diff --git a/c.c b/c.c\n", "..." },
	{ "  --- a/c.c\n  +++ b/c.c\n", "..." },
	{ "---\n c.c | 2 +-\n", "..." },
	{ "4a5\n> evil\n", "..." },
	{ "4a\nevil\n.\n", "..." },
	{ " ***************\n *** 3,6 ****\n --- 3,7 ----\n", "..." },
	{ "GIT binary patch\nliteral 3\n", "..." },
	{ "new mode 100755\nrename from c.c\nrename to d.c\n", "..." },
	{ " index: a/c.c\n" HUNK, "..." },
	{ " ---a/c.c\n" HUNK, "..." },
	/* unified, behind every header and indentation */
	{ "  --- a/c.c\n  +++ b/c.c\n" HUNK, "uuu" },
	{ "\t--- a/c.c\n" HUNK, "uuu" },
	{ "X+++ b/c.c\n" HUNK, "uuu" },
	{ "X \t*** a/c.c\n" HUNK, "uuu" },
	{ " Index: a/c.c\n" HUNK, "uuu" },
	{ " Index:a/c.c\n" HUNK, "uuu" },
	{ " diff --git a/c.c b/c.c\n" HUNK, "uuu" },
	{ " diff --git of c.c\n" HUNK, "uuu" },
	{ "- --- a/c.c\n" HUNK, "uuu" },
	{ " - - --- a/c.c\n" HUNK, "uuu" },
	{ " --- it is gone\n\nand more\n\n" HUNK, "uuu" },
	{ " --- it is gone\n @@ -508,8 +508,8 @@\n", "uuu" },
	{ " --- a/c.c\r\n +++ b/c.c\r\n @@ -1 +1 @@\r\n -c\r\n +d\r\n", "uuu" },
	{ " --- a/c.c\n#\n# a remark\n +++ b/c.c\n" HUNK, "uuu" },
	{ "# a remark\n# another\n@@ of it\n", "..." },
	/* quoted otherwise */
	{ "> --- a/c.c\n> +++ b/c.c\n> @@ -1 +1 @@\n> -c\n> +d\n", "..." },
	{ "| --- a/c.c\n| +++ b/c.c\n| @@ -1 +1 @@\n", "..." },
	{ "#--- a/c.c\n#+++ b/c.c\n#@@ -1 +1 @@\n", "..." },
	{ "\f--- a/c.c\n\f+++ b/c.c\n\f@@ -1 +1 @@\n", "..." },
	{ "- +++ b/c.c\n- @@ -1 +1 @@\n", "..." },
	/* context */
	{ " *** a/c.c\n --- b/c.c\n ***************\n *** 3,6 ****\n", "ccc" },
	{ " Index: a/c.c\n ******** it\n *** it\n", "ccc" },
	{ " Index: a/c.c\n ********\n# a remark\n *** it\n", "ccc" },
	{ " Index: a/c.c\n\t********\n        *** it\n", "ccc" },
	{ " Index: a/c.c\n ********\n\n *** it\n", "..." },
	{ " Index: a/c.c\n ********\n  *** it\n", "..." },
	{ " Index: a/c.c\n *******\n *** it\n", "..." },
	/* normal */
	{ "Index: of\n4a5\n> evil\n", "nnn" },
	{ " 4,5c6,7 \nIndex: of\nand more\n< evil\n", "nnn" },
	{ " --- it\n 4d3\t\r\n# a remark\n > evil\n", "nnn" },
	{ "Index: of\n4a5\n>evil\n", "..." },
	{ "Index: of\n4a5x\n> evil\n", "..." },
	{ "Index: of\na4\n> evil\n", "..." },
	/* ed */
	{ "Index: of\n4a\nevil\n.\n", "eee" },
	{ "4,5c\nIndex: of\n.\n", "eee" },
	{ "Index: of\n4a5\nevil\n  .\n", "eee" },
	{ "Index: of\na\nevil\n.\n", "eee" },
	{ "Index: of\n4d\n", "..e" },
	{ "Index: of\ns/.//\n", "..e" },
	{ "4d\nIndex: of\n", "..." },
	{ "Index: of\n4a5\n4d\n", "..." },
	{ "Index: of\n4s/c/d/\n", "..." },
	{ "Index: of\n.\n", "..." },
	/* git, without hunks: at the next "diff --git", or at the end */
	{ " diff --git a/c.c b/c.c\n new mode 100755\n", "*gg" },
	{ " diff --git a/c.c b/c.c\n\nit\n deleted file mode 100644\n", "*gg" },
	{ " diff --git a/c.c b/d.c\n rename from c.c\n rename to d.c\n", "*gg" },
	{ " diff --git a/c.c b/c.c\n index 1234567..0000000\n", "*gg" },
	{ " diff --git a/c.c b/c.c\n similarity index 90%\n", "..." },
	{ " diff --git a/c.c b/c.c\n index of it\n", "..." },
	{ " diff --git a/c.c b/c.c\n GIT binary patch\n", "bbb" },
	/* what stays for the diff below */
	{ " Prereq: 1.2\n", "**." },
	{ " Prereq:\n", "..." },
	{ " - --- it\t2020-01-01 10:00:00 +0000\n", "**." },
	{ " - --- /dev/null\n", "**." },
	{ " - --- it\n", "..." },
	{ " --- it\t1970-01-01 00:00:00 +0000\n", "..." },
	{ " Index: a/c.c\r\n", "..." },
};

static const char letters[] = ".ucnegb";

static struct rq_patch *parse(const char *text)
{
	struct rq_patch *patch;
	struct rq_err err = { 0 };

	if (rq_patch_parse_copy(&patch, "q", rq_slice_of(text), NULL, &err))
		fail_msg("%s\n%s", err.msg, text);
	return patch;
}

/* Makes @text harmless; returns what was found, as the examples say it. */
static char quote(const char *text, struct rq_str *out)
{
	struct rq_patch *patch = parse(text);
	struct rq_started started;

	rq_harmless_patch(out, patch->head, patch, &started);
	rq_patch_free(patch);
	assert_int_equal(!started.line, !started.lines);
	return !started.line ? '.' : started.kind ? letters[started.kind] : '*';
}

/* Nothing but "> " came to the beginnings of lines; @lines counts them. */
static void assert_nothing_lost(struct rq_slice before, struct rq_slice after)
{
	struct rq_slice a, b;

	while (rq_slice_next_line(&before, &a)) {
		assert_true(rq_slice_next_line(&after, &b));
		if (b.n == a.n + 2 && b.p[0] == '>' && b.p[1] == ' ')
			b = (struct rq_slice){ b.p + 2, a.n };
		assert_true(rq_slice_eq(a, b));
	}
	assert_int_equal(after.n, 0);
}

static void try(const char *text, char expected)
{
	struct rq_str once = { 0 }, twice = { 0 };
	struct rq_patch *patch = parse(text);
	struct rq_err err = { 0 };
	char found = quote(text, &once);

	if (found != expected)
		fail_msg("'%c' instead of '%c':\n%s", found, expected, text);
	assert_nothing_lost(rq_slice_of(text), rq_str_slice(&once));
	/* As it was, the proof refuses it; as it is, not, and nothing is left to do. */
	assert_int_equal(rq_patch_check_reading(patch, &err),
			 found == '.' ? 0 : RQ_EQUEUE);
	rq_patch_free(patch);
	patch = parse(once.s);
	if (rq_patch_check_reading(patch, &err))
		fail_msg("%s", err.msg);
	rq_patch_free(patch);
	assert_int_equal(quote(once.s, &twice), '.');
	assert_true(rq_slice_eq(rq_str_slice(&once), rq_str_slice(&twice)));
	rq_str_release(&once);
	rq_str_release(&twice);
}

static void texts_are_judged_as_by_patch(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(examples); i++) {
		static const char *const places[] = { "%s\n" A "\n" B, A "\n%s\n" B,
						      A "\n" B "-- \n2.39.5\n\n%s" };

		for (size_t k = 0; k < ARRAY_SIZE(places); k++) {
			char *text;

			/* Between a plain diff and git's, as before the one of git. */
			if (asprintf(&text, places[k], examples[i].text) < 0)
				fail();
			try(text, examples[i].expected[k]);
			free(text);
		}
	}
}

/* Names that a text gave stay where the diff has /dev/null, or no names at all. */
static void names_stay(void **state)
{
#define MADE "--- /dev/null\n+++ b/n.c\n@@ -0,0 +1 @@\n+n\n"
#define TOUCHED "diff --git a/n.c b/n.c\nnew file mode 100644\n"
	(void)state;
	try(" --- a/c.c\n" MADE, '*');
	try(" --- c.c\n" MADE, '.');
	try(" --- a/c.c of it\n" MADE, '*');
	try(" --- \"a/c.c\"\n" MADE, '*');
	try(" +++ a/c.c\n" MADE, '.');
	try(" diff --git a/c.c b/c.c\n" MADE, '*');
	try(" diff --git of it\n" MADE, '.');
	try(" --- a/c.c\n" TOUCHED, '.');
	try(TOUCHED "it\n --- a/c.c\n", '*');
	try(TOUCHED "it\n +++ a/c.c\n", '*');
	try(TOUCHED "it\n Index: a/c.c\n", '.');
	try(TOUCHED "it\n rename from c.c\n", '*');
	try(TOUCHED "it\n 4d\n", 'e');
	try(TOUCHED "it\n> quoted\n4d\n" B, '.');
	try(TOUCHED "it\n4d\n> quoted\n" B, 'n');
}

/* A hunk that follows behind nothing but remarks is one of the diff before. */
static void remarks_part_no_hunks(void **state)
{
	(void)state;
	try(A "# a remark\n@@ -of it\n", 'u');
	try(A "# a remark\n @@ -of it\n", '.');
	try(A "\n@@ -of it\n", '.');
}

static void assert_misread(const char *text, const char *message)
{
	struct rq_patch *patch = parse(text);
	struct rq_err err = { 0 };

	assert_int_equal(rq_patch_check_reading(patch, &err), RQ_EQUEUE);
	assert_string_equal(err.msg, message);
	rq_patch_free(patch);
}

/* Diffs that the parser and patch(1) read in two ways. */
static void diffs_are_read_alike(void **state)
{
	(void)state;
	assert_misread("diff --git a/a b.c b/a b.c\nnew file mode 100644\n",
		       "q:1: patch(1) would take another file for this diff");
	assert_misread("--- a/a b.c\n+++ b/a b.c\n@@ -1 +1 @@\n-a\n+b\n",
		       "q:1: patch(1) would take another file for this diff");
	assert_misread(TOUCHED "it\n" A, "q:6: patch(1) would start another diff here");
	assert_misread(A "\n" A "it\n --- a/c.c\n" HUNK,
		       "q:20: patch(1) would start another diff here");
}

/* @text with a NUL byte for each '!'; the line that is refused, 0: none. */
static void assert_nul(const char *text, long line)
{
	struct rq_str bytes = { 0 };
	struct rq_patch *patch = NULL;
	struct rq_err err = { 0 };
	char message[100] = "";

	rq_str_adds(&bytes, text);
	for (size_t i = 0; i < bytes.len; i++)
		bytes.s[i] = bytes.s[i] == '!' ? '\0' : bytes.s[i];
	assert_int_equal(rq_patch_parse(&patch, "q", &bytes, &RQ_PATCH_DEFAULTS, &err),
			 0);
	assert_int_equal(rq_patch_check_reading(patch, &err), line ? RQ_EQUEUE : 0);
	if (line)
		snprintf(message, sizeof(message),
			 "q:%ld: a NUL byte here, at which patch(1) stops since 2.8; "
			 "remove it",
			 line);
	assert_string_equal(err.msg, message);
	rq_patch_free(patch);
}

/* GNU patch 2.8 gives up wherever it looks for a diff; lines of hunks may hold what they want. */
static void nul_bytes_stop_patch(void **state)
{
	(void)state;
	assert_nul("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a!\n+b!!\n", 0);
	assert_nul("why\n!\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n", 2);
	assert_nul("# !\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n", 1);
	assert_nul("--- a/f\n+++ b/f\n@@ -1 +1 @@ f!\n-a\n+b\n", 3);
	assert_nul("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n-- \nb!\n", 7);
	assert_nul("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n@@ -9 +9 @@!\n-a\n+b\n", 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_judged_as_by_patch),
		cmocka_unit_test(names_stay),
		cmocka_unit_test(remarks_part_no_hunks),
		cmocka_unit_test(diffs_are_read_alike),
		cmocka_unit_test(nul_bytes_stop_patch),
	};

	return cmocka_run_group_tests_name("started", tests, NULL, NULL);
}
