// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patches that must be refused, each with its whole message: name, line, what is wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "patch/patch.h"

#define HEAD "--- a/x\n+++ b/x\n"
#define GIT "diff --git a/x b/x\n"
#define ONE "@@ -1 +1 @@\n-a\n+b\n"

struct example {
	const char *text, *message;
};

static const struct example formats[] = {
	/* counts and bodies */
	{ HEAD "@@ -1,5 +1,5 @@\n a\n-b\n+c\n", "q:3: hunk says 5 old lines, 2 follow" },
	{ HEAD "@@ -1,3 +1,4 @@\n a\n-b\n+c\n", "q:3: hunk says 3 old lines, 2 follow" },
	{ HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+c\n-- \n2.39\n",
	  "q:3: hunk says 3 new lines, 2 follow" },
	{ HEAD "@@ -1,3 +1,3 @@\n a\n-b\n-c\n+d\ntext\n",
	  "q:3: hunk says 3 new lines, 2 follow" },
	{ HEAD "@@ -1,2 +1,2 @@\n-b\n-c\n\n+d\n+e\n",
	  "q:3: hunk says 2 new lines, 0 follow" },
	{ HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+c\n-- \n2.39\n",
	  "q:3: hunk says 3 new lines, 2 follow" },
	{ HEAD "@@ -1 +1 @@\n-a\n-b\n+c\n",
	  "q:3: hunk says 1 old lines, but line 5 looks like one more" },
	{ HEAD "@@ -1 +1 @@\n-a\n+b\n+c\n",
	  "q:3: hunk says 1 new lines, but line 6 looks like one more" },
	{ HEAD "@@ -1 +1 @@\n-a\n+b\n c\n+d\n",
	  "q:3: hunk says 1 new lines, but line 7 looks like one more" },
	{ HEAD "@@ -1,2 +1 @@\n-a\n+b\n c\n",
	  "q:3: hunk says 1 new lines, but line 6 looks like one more" },
	{ HEAD "@@ -1 +1 @@\n-a\n+b\n \n c\n-d\nend\n",
	  "q:3: hunk says 1 old lines, but line 8 looks like one more" },
	{ HEAD "@@ -1,3 +1,2 @@\n a\n-b\n+c\n-- \n2.39.5\n",
	  "q:3: hunk says 3 old and 2 new lines, but ends in what looks like a mail's "
	  "signature" },
	{ HEAD "@@ -1 +1 @@\n-a\n+b\n--- c\n",
	  "q:3: hunk says 1 old lines, but line 6 looks like one more" },
	{ HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+c\n--- a/y\n+++ b/y\n" ONE,
	  "q:3: hunk says 3 old and 3 new lines, but ends in what looks like the next "
	  "diff" },
	{ HEAD ONE "  --- a/y\n  +++ b/y\n  " ONE,
	  "q:6: an indented diff begins, which patch(1) applies and git does not; "
	  "remove it, or its indentation" },
	{ HEAD ONE "\\ No newline\n\\ No newline\n",
	  "q:7: '\\' line does not follow a line of a hunk" },
	{ HEAD "@@ -1,2 +1,2 @@\n a\n\\ No newline\n-b\n+c\n",
	  "q:6: line follows one with no newline at end of file" },
	/* hunk headers */
	{ HEAD "@@ -1,x +1 @@\n",
	  "q:3: '@@ -1,x +1 @@' is not '@@ -line,count +line,count @@'" },
	{ HEAD "@@@ -1 -1 +1 @@@\n",
	  "q:3: '@@@ -1 -1 +1 @@@' is not '@@ -line,count +line,count @@'" },
	{ HEAD ONE "@@ -5 +5 \n",
	  "q:6: '@@ -5 +5 ' is not '@@ -line,count +line,count @@'" },
	{ HEAD "@@ -9223372036854775807,99999999999999999999 +1 @@\n-a\n+b\n",
	  "q:3: hunk has a line number above 576460752303423487" },
	{ HEAD "@@ -1,500000000000000000 +1 @@\n-a\n+b\n",
	  "q:3: hunk says 500000000000000000 old lines, 1 follow" },
	{ HEAD "@@ -0,1 +1 @@\n-a\n+b\n", "q:3: hunk has lines, but starts at line 0" },
	{ HEAD "@@ -0,0 +0,0 @@\n", "q:3: hunk has no lines" },
	{ HEAD ONE "\ntext\n@@ -5 +5 @@\n-a\n+b\n",
	  "q:8: hunk without a '---' and '+++' line before it" },
	{ "q: it\n\n"
	  "@@ -5 +5 @@\n-a\n+b\n" HEAD ONE,
	  "q:3: hunk without a '---' and '+++' line before it" },
	{ "q: it\n---\n"
	  "@@ -5 +5 @@\n\n" HEAD ONE,
	  "q:3: hunk without a '---' and '+++' line before it" },
	/* the end of the input */
	{ HEAD "@@ -1 +1 @@\n-a\n+b", "q:5: cut off after line 5: it ends without a "
				      "newline, and no '\\ No newline at "
				      "end of file' follows" },
	{ HEAD "@@ -1,2 +1 @@\n a\n-b",
	  "q:5: cut off after line 5: it ends without a newline, "
	  "and no '\\ No newline at end of file' follows" },
	{ HEAD "@@ -1,2 +1,2 @@\n-a\n+b",
	  "q:5: cut off after line 5: it ends without a newline, "
	  "and no '\\ No newline at end of file' follows" },
	{ "*** a/x\n--- b/x\n***************\n*** 1 ****\n",
	  "q:1: context diff; make it a unified one (diff -u)" },
	/* headers */
	{ GIT, "q:1: diff has neither hunks nor a new name or mode" },
	{ "text\n" GIT "index 1234567..89abcde 100644\n\n",
	  "q:2: diff has neither hunks nor a new name or mode" },
	{ GIT HEAD "text\n", "q:3: no hunk follows the '+++' line" },
	{ GIT "new file mode 100644\nindex 000000000000..3b18e512dba7\n"
	      "--- /dev/null\n+++ b/x\n",
	  "q:5: no hunk follows the '+++' line" },
	{ GIT
	  "new file mode 100644\nindex 0000..e69de29bb2d1d6434b8b29ae775ad8c2e48c5390\n"
	  "--- /dev/null\n+++ b/x\n-- \n2.39\n",
	  "q:5: no hunk follows the '+++' line" },
	{ GIT "new file mode 100644\nindex 000000000000..3b18e512dba7\n",
	  "q:1: the index line says that the file has contents, but no hunk follows" },
	{ GIT "deleted file mode 100644\nindex 3b18e512dba7..000000000000\n"
	      "--- a/x\n+++ /dev/null\n",
	  "q:5: no hunk follows the '+++' line" },
	{ GIT "old mode 100644\n", "q:1: old mode without a new one" },
	{ GIT "new mode 100644\n", "q:1: new mode without an old one" },
	{ GIT "old mode 100644\nold mode 100644\n", "q:3: mode is stated twice" },
	{ GIT "old mode 10x644\n", "q:2: '10x644' is not a file mode" },
	{ GIT "rename from x\n", "q:1: 'from' name without a 'to' name" },
	{ GIT "copy to x\n", "q:1: 'to' name without a 'from' name" },
	{ GIT "rename from x\nrename from y\n", "q:3: name is stated twice" },
	{ GIT "rename from x\nrename to x\n",
	  "q:3: 'x' is renamed or copied onto itself" },
	{ GIT "rename from x\ncopy to y\n",
	  "q:3: file cannot be created, deleted, renamed and copied at once" },
	{ GIT "new file mode 100644\n--- a/x\n+++ b/x\n" ONE,
	  "q:5: file is new, but the hunk has old lines" },
	{ "--- a/x\n+++ /dev/null\n" ONE,
	  "q:3: file is deleted, but the hunk has new lines" },
	{ "--- /dev/null\n+++ /dev/null\n" ONE,
	  "q:1: file is there neither before nor after" },
	/* names */
	{ "--- x\n+++ x\n" ONE, "q:1: cannot take 1 part off 'x'" },
	{ GIT "--- y\n+++ y\n" ONE, "q:2: cannot take 1 part off 'y'" },
	{ GIT "--- x\n+++ y\n" ONE, "q:2: cannot take 1 part off 'x'" },
	{ "--- a/x\n+++ b/\n" ONE, "q:2: cannot take 1 part off 'b/'" },
	{ "--- a/x\n+++ b/y\n" ONE, "q:1: old name 'x' and new name 'y' differ" },
	{ "--- a/x.c\n+++ b/x.c.h\n" ONE,
	  "q:1: old name 'x.c' and new name 'x.c.h' differ" },
	{ "--- a/x.1\n+++ b/x\n" ONE, "q:1: old name 'x.1' and new name 'x' differ" },
	{ GIT "--- a/x\n+++ b/y\n" ONE, "q:1: old name 'x' and new name 'y' differ" },
	{ "diff --git a/x b/y\nrename from x\nrename to y\n--- a/x\n+++ b/z\n" ONE,
	  "q:4: names 'x' and 'z' are not those of the rename or copy" },
	{ "diff --git a/x b/y\nold mode 100644\nnew mode 100755\n",
	  "q:1: 'diff --git a/x b/y' does not name one file twice" },
	{ "--- \"a/x\n+++ b/x\n" ONE, "q:1: no closing quote in the name \"a/x" },
	{ "--- \"a/\\q\"\n+++ b/x\n" ONE, "q:1: bad escape in the name \"a/\\q\"" },
	{ "diff --git a/x b/x\nrename from \"x\" y\n",
	  "q:2: text behind the quoted name \"x\" y" },
	/* binary */
	{ GIT "GIT binary patch\nliterally 3\n",
	  "q:3: binary diff: neither 'literal' nor 'delta' follows" },
	{ GIT "GIT binary patch\nliteral 3\nKcmYdfNCE%>hycU@@\n\n",
	  "q:4: binary diff: line does not have the length it states" },
	{ GIT "GIT binary patch\nliteral 3\nKcmYdfNCE%>hyc \"\n\n",
	  "q:4: binary diff: line is not base85" },
	{ GIT "GIT binary patch\nliteral 4\nKcmYdfNCE%>hycU@\n\n",
	  "q:3: binary diff: data does not inflate to the stated size" },
	{ GIT "GIT binary patch\nliteral 2\nKcmYdfNCE%>hycU@\n\n",
	  "q:3: binary diff: data does not inflate to the stated size" },
	{ GIT "GIT binary patch\nliteral 60000000\nKcmYdfNCE%>hycU@\n\n",
	  "q:3: binary diff: stated size cannot come from this data" },
	{ GIT "GIT binary patch\nliteral 999999999999999\nKcmYdfNCE%>hycU@\n\n",
	  "q:3: binary diff: more than 64 MiB in all, unpacked" },
	/* what a delta of seven bytes says it makes: 64 MiB and one; one half makes it and the other half a byte */
	{ GIT "GIT binary patch\ndelta 7\nOc-rG?Y-muJzy$yaT>?e`\n\n",
	  "q:3: binary diff: more than 64 MiB in all, unpacked" },
	{ GIT "GIT binary patch\ndelta 7\nOc-rG?XlPKFzy$yaR{})<\n\nliteral "
	      "3\nKcmYdfNCE%>hycU@\n\n",
	  "q:3: binary diff: more than 64 MiB in all, unpacked" },
};

static const struct example unsafe[] = {
	{ "--- a/../x\n+++ b/../x\n" ONE, "q:1: path '../x' has a '..' part" },
	{ "--- a/.git/x\n+++ b/.git/x\n" ONE, "q:1: path '.git/x' has a '.git' part" },
	{ "text\n--- a/x\\y\n+++ b/x\\y\n" ONE, "q:2: path 'x\\y' has a backslash" },
	{ "diff --git a/x b/y\ncopy from ../x\ncopy to y\n",
	  "q:1: path '../x' has a '..' part" },
	{ "diff --git a/x b/y\nrename from x\nrename to .git/hooks/y\n",
	  "q:1: path '.git/hooks/y' has a '.git' part" },
	{ "--- \"a/x\\ny\"\n+++ \"b/x\\ny\"\n" ONE,
	  "q:1: path 'x?y' has a control character" },
	{ "--- \"a/x\\000y\"\n+++ \"b/x\\000y\"\n" ONE,
	  "q:1: path 'x?y' has a NUL byte" },
	{ GIT "new file mode 060644\n",
	  "q:2: mode '060644' is not a file's, link's or submodule's" },
	{ GIT "new file mode 104755\n",
	  "q:2: mode '104755' has bits that git does not keep; write 100644 or 100755" },
	{ "diff --git a/x/.gitmodules b/x/.gitmodules\nnew file mode 120000\n"
	  "--- /dev/null\n+++ b/x/.gitmodules\n@@ -0,0 +1 @@\n+y\n",
	  "q:1: path 'x/.gitmodules' is .gitmodules, which git refuses as a link" },
	{ "diff --git a/.GITmodules. b/.GITmodules.\nold mode 100644\nnew mode 120000\n",
	  "q:1: path '.GITmodules.' is .gitmodules, which git refuses as a link" },
	{ "diff --git a/GITMOD~1 b/GITMOD~1\nnew file mode 120000\n"
	  "--- /dev/null\n+++ b/GITMOD~1\n@@ -0,0 +1 @@\n+y\n",
	  "q:1: path 'GITMOD~1' is .gitmodules, which git refuses as a link" },
	{ GIT "new file mode 120777\n",
	  "q:2: mode '120777' has bits that git does not keep; write 100644 or 100755" },
};

static const struct example no_strip[] = {
	{ "--- /etc/x\n+++ /etc/x\n" ONE, "q:1: path '/etc/x' is absolute" },
};

static const struct example backwards[] = {
	{ "diff --git a/x b/y\ncopy from x\ncopy to y\n",
	  "q:1: a copy cannot be reversed" },
	{ GIT "GIT binary patch\nliteral 3\nKcmYdfNCE%>hycU@\n\n",
	  "q:1: binary diff without its reverse cannot be reversed" },
};

static void refuse(const struct example *example, enum rq_code code, int strip,
		   bool reverse)
{
	struct rq_patch_options options = { .strip = strip, .reverse = reverse };
	struct rq_patch *patch = NULL;
	struct rq_str bytes = { 0 };
	struct rq_err err = { 0 };

	rq_str_adds(&bytes, example->text);
	if (!rq_patch_parse(&patch, "q", &bytes, &options, &err))
		fail_msg("taken, not refused with '%s'", example->message);
	assert_string_equal(err.msg, example->message);
	assert_int_equal(err.code, code);
	assert_null(patch);
}

static void broken_patches_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		refuse(&formats[i], RQ_EFORMAT, 1, false);
}

static void unsafe_paths_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(unsafe); i++)
		refuse(&unsafe[i], RQ_EUNSAFE, 1, false);
	for (size_t i = 0; i < ARRAY_SIZE(no_strip); i++)
		refuse(&no_strip[i], RQ_EUNSAFE, 0, false);
}

static void what_has_no_opposite_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(backwards); i++)
		refuse(&backwards[i], RQ_EFORMAT, 1, true);
}

/* A patch cut anywhere is refused, or is a shorter patch; reads outside it are caught. */
static void every_beginning_of_a_patch_is_handled(void **state)
{
	static const char text[] =
		"Subject: x\n---\n" GIT "index 1234567..89abcde 100644\n" HEAD
		"@@ -1,3 +1,4 @@ f\n a\n-b\n+c\n+d\n e\n\\ No newline at end of "
		"file\n" GIT "GIT binary patch\nliteral 3\nKcmYdfNCE%>hycU@\n\nliteral "
		"0\nHcmV?d00001\n\n"
		"diff --git \"a/\\303\\244\" b/y\nrename from \"\\303\\244\"\nrename to "
		"y\n";

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		struct rq_patch *patch = NULL;
		struct rq_str bytes = { 0 }, printed = { 0 };
		struct rq_err err = { 0 };

		rq_str_add(&bytes, text, n);
		if (!rq_patch_parse(&patch, "q", &bytes, &RQ_PATCH_DEFAULTS, &err)) {
			rq_patch_print(patch, &printed);
			assert_int_equal(printed.len, n);
			assert_memory_equal(rq_str_slice(&printed).p, text, n);
		}
		rq_str_release(&printed);
		rq_patch_free(patch);
	}
}

static const struct {
	struct rq_slice delta;
	const char *message;
} deltas[] = {
	{ { "", 0 }, "binary delta: no sizes at its start" },
	{ { "\x83", 1 }, "binary delta: no sizes at its start" },
	{ { "\x04\x03", 2 }, "binary delta: made for 4 bytes, the file has 3" },
	{ { "\x03\x03\x02"
	    "ab",
	    5 },
	  "binary delta: makes 2 bytes, states 3" },
	{ { "\x03\x03\x05"
	    "ab",
	    5 },
	  "binary delta: instruction outside its data" },
	{ { "\x03\x03\x00", 3 }, "binary delta: instruction outside its data" },
	{ { "\x03\x03\x91\x01\x03", 5 }, "binary delta: instruction outside its data" },
	{ { "\x03\x02\x90\x03", 4 }, "binary delta: instruction outside its data" },
	{ { "\x03\x03\x91\x01", 4 }, "binary delta: instruction outside its data" },
};

static void broken_deltas_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(deltas); i++) {
		struct rq_str out = { 0 };
		struct rq_err err = { 0 };

		assert_int_equal(rq_binary_apply_delta(RQ_SLICE("abc"), deltas[i].delta,
						       &out, &err),
				 RQ_EFORMAT);
		assert_string_equal(err.msg, deltas[i].message);
		rq_str_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_patches_are_refused),
		cmocka_unit_test(unsafe_paths_are_refused),
		cmocka_unit_test(what_has_no_opposite_is_refused),
		cmocka_unit_test(every_beginning_of_a_patch_is_handled),
		cmocka_unit_test(broken_deltas_are_refused),
	};

	return cmocka_run_group_tests_name("patch errors", tests, NULL, NULL);
}
