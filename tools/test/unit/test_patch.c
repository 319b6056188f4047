// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patches that must be understood: each is printed back byte for byte, and what was
 * understood is written down as one line a file, one a hunk.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "patch/patch.h"
#include "patch/patch_internal.h"

static const char *const changes[] = {
	[RQ_CHANGE_EDIT] = "edit",     [RQ_CHANGE_CREATE] = "create",
	[RQ_CHANGE_DELETE] = "delete", [RQ_CHANGE_RENAME] = "rename",
	[RQ_CHANGE_COPY] = "copy",
};

#define ONE "@@ -1 +1 @@\n-a\n+b\n"
#define ONE_IS "  -1,1 +1,1 lead 0 trail 0 -+\n"

/* What a text says: "edit old new [modes] [index] [git] ...", then "  -a,b +c,d ..." */
struct example {
	const char *name, *text, *says;
};

static const struct example patches[] = {
	{ "nothing", "", "" },
	{ "text only", "no diff here\n--- at all\n+++ really\n", "" },
	{ "git",
	  "diff --git a/mm/x.c b/mm/x.c\nindex 1234567..89abcde 100644\n--- a/mm/x.c\n"
	  "+++ b/mm/x.c\n@@ -10,3 +10,4 @@ int f(void) \n a\n+b\n c\n d\n",
	  "edit mm/x.c mm/x.c 100644:100644 1234567..89abcde git line 1\n"
	  "  -10,3 +10,4 lead 1 trail 2  +   int f(void)\n" },
	{ "git without an index line", "diff --git a/x b/x\n--- a/x\n+++ b/x\n" ONE,
	  "edit x x git line 1\n" ONE_IS },
	{ "git, names of lines without prefixes",
	  "diff --git a/x b/x\n--- x\n+++ x\n" ONE "diff --git a/y b/y\nnew file mode "
	  "100644\n--- /dev/null\n+++ y\n@@ -0,0 +1 @@\n+a\n",
	  "edit x x git line 1\n" ONE_IS
	  "create - y 0:100644 git line 7\n  -0,0 +1,1 lead 0 trail 0 +\n" },
	{ "plain", "--- a/x\n+++ b/x\n" ONE, "edit x x line 1\n" ONE_IS },
	{ "linux.orig, stamps after a tab",
	  "--- linux.orig/m/x.c\t2020-01-02 03:04:05.000000000 +0100\n"
	  "+++ linux/m/x.c\t2020-01-02 03:04:06.000000000 +0100\n" ONE,
	  "edit m/x.c m/x.c line 1\n" ONE_IS },
	{ "stamps after blanks",
	  "--- a/x y.c  Wed Jan  2 03:04:05 2002\n+++ b/x y.c  2002-01-02 03:04:05\n" ONE,
	  "edit x y.c x y.c line 1\n" ONE_IS },
	{ "quilt",
	  "text\nIndex: linux/x\n=====================\n--- linux.orig/x\n+++ "
	  "linux/x\n" ONE
	  "Index: linux/y\n=====================\n--- linux.orig/y\n+++ linux/y\n" ONE,
	  "edit x x line 2\n" ONE_IS "edit y y line 9\n" ONE_IS },
	{ "diff -urN", "Only in a: z\ndiff -urN a/x b/x\n--- a/x\n+++ b/x\n" ONE,
	  "edit x x line 2\n" ONE_IS },
	{ "new file, git",
	  "diff --git a/x b/x\nnew file mode 100755\nindex 000000..123456\n--- "
	  "/dev/null\n"
	  "+++ b/x\n@@ -0,0 +1 @@\n+a\n",
	  "create - x 0:100755 000000..123456 git line 1\n  -0,0 +1,1 lead 0 trail 0 "
	  "+\n" },
	{ "new file, /dev/null", "--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n",
	  "create - x line 1\n  -0,0 +1,2 lead 0 trail 0 ++\n" },
	{ "new file, epoch",
	  "--- a/x\t1970-01-01 01:00:00.000000000 +0100\n+++ b/x\t2020-01-01 00:00:00 "
	  "+0000\n"
	  "@@ -0,0 +1 @@\n+a\n",
	  "create - x line 1\n  -0,0 +1,1 lead 0 trail 0 +\n" },
	{ "new file, epoch without a zone",
	  "--- a/x\tWed Dec 31 19:00:00 1969\n+++ b/x\tThu Jan  1 12:13:14 2004\n"
	  "@@ -0,0 +1 @@\n+a\n",
	  "create - x line 1\n  -0,0 +1,1 lead 0 trail 0 +\n" },
	{ "new file, no stamp", "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n",
	  "create - x line 1\n  -0,0 +1,1 lead 0 trail 0 +\n" },
	{ "empty file that was there",
	  "--- a/x\t2020-01-01 00:00:00 +0000\n+++ b/x\t2020-01-02 00:00:00 +0000\n"
	  "@@ -0,0 +1 @@\n+a\n",
	  "edit x x line 1\n  -0,0 +1,1 lead 0 trail 0 +\n" },
	{ "epoch on a file with lines",
	  "--- a/x\t1970-01-01 00:00:00 +0000\n+++ b/x\t1970-01-01 00:00:00 +0000\n" ONE,
	  "edit x x line 1\n" ONE_IS },
	{ "emptied, not deleted", "--- a/x\n+++ b/x\n@@ -1 +0,0 @@\n-a\n",
	  "edit x x line 1\n  -1,1 +0,0 lead 0 trail 0 -\n" },
	{ "deleted, git",
	  "diff --git a/x b/x\ndeleted file mode 100644\nindex 123456..000000\n--- a/x\n"
	  "+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
	  "delete x - 100644:0 123456..000000 git line 1\n  -1,1 +0,0 lead 0 trail 0 "
	  "-\n" },
	{ "deleted, epoch",
	  "--- a/x\t2020-01-01 00:00:00 +0000\n+++ b/x\t1969-12-31 16:00:00 -0800\n"
	  "@@ -1 +0,0 @@\n-a\n",
	  "delete x - line 1\n  -1,1 +0,0 lead 0 trail 0 -\n" },
	{ "empty files",
	  "diff --git a/m/x b/m/x\nnew file mode 100644\nindex 0000000..e69de29\n"
	  "diff --git a/m/y b/m/y\ndeleted file mode 100644\nindex e69de29..0000000\n-- "
	  "\n2.39\n",
	  "create - m/x 0:100644 0000000..e69de29 git line 1\n"
	  "delete m/y - 100644:0 e69de29..0000000 git line 4\n" },
	{ "rename",
	  "diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n",
	  "rename x y git line 1\n" },
	{ "rename and edit",
	  "diff --git a/m/x b/m/y\nold mode 100644\nnew mode 100755\nsimilarity index "
	  "90%\n"
	  "rename from m/x\nrename to m/y\n--- a/m/x\n+++ b/m/y\n" ONE,
	  "rename m/x m/y 100644:100755 git line 1\n" ONE_IS },
	{ "copy", "diff --git a/x b/y\ncopy from x\ncopy to y\n",
	  "copy x y git line 1\n" },
	{ "blanks in a git line",
	  "diff --git a/x b/x b/x b/x\nold mode 100644\nnew mode 100755\n",
	  "edit x b/x x b/x 100644:100755 git line 1\n" },
	{ "blanks in a name, git",
	  "diff --git a/x y b/x y\n--- a/x y\t\n+++ b/x y\t\n" ONE,
	  "edit x y x y git line 1\n" ONE_IS },
	{ "quoted",
	  "diff --git \"a/\\303\\244.c\" \"b/\\303\\244.c\"\n--- \"a/\\303\\244.c\"\n"
	  "+++ \"b/\\303\\244.c\"\n" ONE,
	  "edit \303\244.c \303\244.c git line 1\n" ONE_IS },
	{ "quoted git line",
	  "diff --git \"a/\\\"x\" \"b/\\\"x\"\nold mode 100644\nnew mode 100755\n",
	  "edit \"x \"x 100644:100755 git line 1\n" },
	{ "quoted on one side",
	  "diff --git a/x \"b/\\303\\244\"\nrename from x\nrename to \"\\303\\244\"\n",
	  "rename x \303\244 git line 1\n" },
	{ "symbolic link",
	  "diff --git a/x b/x\nnew file mode 120000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 "
	  "@@\n"
	  "+to\n\\ No newline at end of file\n",
	  "create - x 0:120000 git line 1\n  -0,0 +1,1 lead 0 trail 0 +!\n" },
	{ "submodule",
	  "diff --git a/x b/x\nindex 1234567..89abcde 160000\n--- a/x\n+++ b/x\n@@ -1 +1 "
	  "@@\n"
	  "-Subproject commit 1\n+Subproject commit 2\n",
	  "edit x x 160000:160000 1234567..89abcde git line 1\n" ONE_IS },
	{ "no newline at end of file",
	  "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
	  "\\ Kein Zeilenumbruch\n",
	  "edit x x line 1\n  -1,2 +1,2 lead 1 trail 0  -!+!\n" },
	{ "no newline, context",
	  "--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n b\n\\ No newline\n",
	  "edit x x line 1\n  -1,2 +1,1 lead 0 trail 1 - !\n" },
	{ "crlf", "--- a/x\r\n+++ b/x\r\n@@ -1,2 +1,2 @@ f\r\n-a\r\n+b\r\n\r\n",
	  "edit x x line 1\n  -1,2 +1,2 lead 0 trail 1 -^+^ ^ f\n" },
	{ "crlf, no newline",
	  "--- a/x\r\n+++ b/x\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n\\ No\r\n",
	  "edit x x line 1\n  -1,1 +1,1 lead 0 trail 0 -^+!\n" },
	{ "empty context line", "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n\n-a\n+b\n\n",
	  "edit x x line 1\n  -1,3 +1,3 lead 1 trail 1  -+ \n" },
	{ "input ends within a context line",
	  "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+b\n c",
	  "edit x x line 1\n  -1,2 +1,2 lead 0 trail 1 -+ \n" },
	{ "input ends within the text", "--- a/x\n+++ b/x\n" ONE "-- \n2.39.5",
	  "edit x x line 1\n" ONE_IS },
	{ "the line of a hunk in a message",
	  "q: it\n\n@@ -508,8 +508,8 @@ it\n it was\n\ngone\n--- a/x\n+++ b/x\n" ONE,
	  "edit x x line 7\n" ONE_IS },
	{ "context alone", "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n b\n",
	  "edit x x line 1\n  -1,2 +1,2 lead 2 trail 0   \n" },
	{ "a diff of dashes and pluses",
	  "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n--- a\n-@@ -1 +1 @@\n+++ b\n++++ c\n "
	  "diff --git a/y b/y\n",
	  "edit x x line 1\n  -1,3 +1,3 lead 0 trail 1 --++ \n" },
	{ "the same file twice", "--- a/x\n+++ b/x\n" ONE "--- a/x\n+++ b/x\n" ONE,
	  "edit x x line 1\n" ONE_IS "edit x x line 6\n" ONE_IS },
	{ "signature", "--- a/x\n+++ b/x\n" ONE "-- \n2.39.5\n\n",
	  "edit x x line 1\n" ONE_IS },
	{ "signature without its blank", "--- a/x\n+++ b/x\n" ONE "--\n2.39.5\n",
	  "edit x x line 1\n" ONE_IS },
	{ "rule and mail text",
	  "--- a/x\n+++ b/x\n" ONE "---\n- not a line\n+ nor this\n",
	  "edit x x line 1\n" ONE_IS },
	{ "blank line, then text",
	  "--- a/x\n+++ b/x\n" ONE "\n- a point\n+ another\n b\n",
	  "edit x x line 1\n" ONE_IS },
	{ "a removed dash", "--- a/x\n+++ b/x\n@@ -1 +0,0 @@\n-- \n-- \n2.39.5\n",
	  "edit x x line 1\n  -1,1 +0,0 lead 0 trail 0 -\n" },
	{ "blanks after a hunk", "--- a/x\n+++ b/x\n" ONE "\n \n\t\nend\n",
	  "edit x x line 1\n" ONE_IS },
	{ "two mails",
	  "From 1 Mon\nSubject: 1\n\n---\n x | 2 +-\n\ndiff --git a/x b/x\n--- a/x\n+++ "
	  "b/x\n" ONE
	  "-- \n2.39.5\n\nFrom 2 Mon\nSubject: 2\n\n---\n--- a/y\n+++ b/y\n" ONE,
	  "edit x x git line 7\n" ONE_IS "edit y y line 20\n" ONE_IS },
	{ "binary files differ", "diff --git a/x b/x\nBinary files a/x and b/x differ\n",
	  "edit x x git differs line 1\n" },
	{ "svn with git",
	  "Index: x\n=====\ndiff --git a/x b/x\nold mode 100644\nnew mode 100755\n",
	  "edit x x 100644:100755 git line 3\n" },
	{ "context lines after a complete hunk",
	  "--- a/x\n+++ b/x\n" ONE " \n-- \n2.39.5\n--- a/y\n+++ b/y\n" ONE
	  " c\n d\n\n+ a point\n",
	  "edit x x line 1\n" ONE_IS "edit y y line 9\n" ONE_IS },
	{ "a diffstat after a hunk: two patches in one file",
	  "--- a/x\n+++ b/x\n" ONE " y | 2 +-\n 1 file changed\n\n--- a/y\n+++ b/y\n" ONE,
	  "edit x x line 1\n" ONE_IS "edit y y line 9\n" ONE_IS },
	{ "a tab that lost its blank",
	  "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n\ta\n-b\n+c\n\td\n",
	  "edit x x line 1\n  -1,3 +1,3 lead 1 trail 1  -+ \n" },
	{ "the last empty context lines were chopped off",
	  "--- a/x\n+++ b/x\n@@ -1,4 +1,4 @@\n a\n-b\n+c\n",
	  "edit x x line 1\n  -1,4 +1,4 lead 1 trail 2  -+  \n" },
	{ "names of copies",
	  "--- a/x.c.org\n+++ b/x.c\n" ONE "--- a/x.c.0\n+++ b/x.c\n" ONE
	  "--- a/x.c\n+++ b/x.c.new\n" ONE "--- a/x.c-orig\n+++ b/x.c\n" ONE
	  "--- a/x.c~a-title\n+++ b/x.c\n" ONE,
	  "edit x.c x.c line 1\n" ONE_IS "edit x.c x.c line 6\n" ONE_IS
	  "edit x.c x.c line 11\n" ONE_IS "edit x.c x.c line 16\n" ONE_IS
	  "edit x.c x.c line 21\n" ONE_IS },
	{ "a dot in front",
	  "--- a/./x\n+++ b/././x\n" ONE "diff --git a/./y b/./y\n"
	  "new file mode 100644\n",
	  "edit x x line 1\n" ONE_IS "create - y 0:100644 git line 6\n" },
	{ "an empty file with names",
	  "diff --git a/x b/x\nnew file mode 100644\nindex 0000000..e69de29\n--- "
	  "/dev/null\n+++ b/x\n"
	  "diff --git a/y b/y\ndeleted file mode 100644\n--- a/y\n+++ /dev/null\n"
	  "diff --git a/z b/z\nnew file mode 100644\nindex 0000000..473a0f4\n--- "
	  "/dev/null\n+++ b/z\n",
	  "create - x 0:100644 0000000..e69de29 git line 1\ndelete y - 100644:0 git line "
	  "6\ncreate - z 0:100644 0000000..473a0f4 git line 10\n" },
	{ "large numbers", "--- a/x\n+++ b/x\n@@ -500000000000000000 +1 @@\n-a\n+b\n",
	  "edit x x line 1\n  -500000000000000000,1 +1,1 lead 0 trail 0 -+\n" },
};

static const struct example without_strip[] = {
	{ "cvs",
	  "Index: x\n=====\nRCS file: /cvs/x,v\nretrieving revision 1.1\ndiff -u -r1.1 "
	  "x\n"
	  "--- x\t1 Jan 2000 00:00:00 -0000\t1.1\n+++ x\t2 Jan 2000 00:00:00 -0000\n" ONE,
	  "edit x x line 1\n" ONE_IS },
	{ "-p0", "--- m/x\n+++ m/x\n" ONE, "edit m/x m/x line 1\n" ONE_IS },
	{ "-p0, git without prefixes",
	  "diff --git m/x m/x\nold mode 100644\nnew mode 100755\n",
	  "edit m/x m/x 100644:100755 git line 1\n" },
	{ "backup names", "--- x.c.orig\n+++ x.c\n" ONE "--- y.c\n+++ y.c~\n" ONE,
	  "edit x.c x.c line 1\n" ONE_IS "edit y.c y.c line 6\n" ONE_IS },
};

static const struct example strip_two[] = {
	{ "-p2, slashes in a row", "--- a//m/x\n+++ b/m///x\n" ONE,
	  "edit x x line 1\n" ONE_IS },
	{ "rename, -p2",
	  "diff --git a/m/x b/m/y\nrename from m/x\nrename to m/y\n--- a/m/x\n+++ "
	  "b/m/y\n" ONE,
	  "rename x y git line 1\n" ONE_IS },
	{ "rename below a prefix of two parts, -p2",
	  "diff --git a/m/x.c b/m/y.c\nrename from x.c\nrename to y.c\n--- a/m/x.c\n+++ "
	  "b/m/y.c\n" ONE,
	  "rename x.c y.c git line 1\n" ONE_IS },
};

static const struct example reversed[] = {
	{ "-R",
	  "diff --git a/x b/x\nnew file mode 100644\nindex 0000..1234\n--- "
	  "/dev/null\n+++ b/x\n"
	  "@@ -0,0 +1 @@\n+a\n--- a/y\n+++ b/y\n@@ -2,2 +3,3 @@\n-a\n+b\n+c\n d\n",
	  "delete x - 100644:0 1234..0000 git line 1\n  -1,1 +0,0 lead 0 trail 0 -\n"
	  "edit y y line 8\n  -3,3 +2,2 lead 0 trail 1 +-- \n" },
	{ "-R of a deletion and a rename",
	  "--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
	  "diff --git a/y b/z\nrename from y\nrename to z\n",
	  "create - x line 1\n  -0,0 +1,1 lead 0 trail 0 +\nrename z y git line 5\n" },
};

/* Signs, '!' where a line has no newline, '^' where it has "\r\n". */
static void say_lines(const struct rq_hunk *hunk, struct rq_str *out)
{
	for (size_t i = 0; i < hunk->n_lines; i++) {
		struct rq_slice text = hunk->lines[i].text;

		rq_str_addf(out, "%c", hunk->lines[i].sign);
		if (!text.n || text.p[text.n - 1] != '\n')
			rq_str_adds(out, "!");
		else if (text.n > 1 && text.p[text.n - 2] == '\r')
			rq_str_adds(out, "^");
	}
}

static void say_hunk(const struct rq_hunk *hunk, struct rq_str *out)
{
	rq_str_addf(out, "  -%ld,%ld +%ld,%ld lead %zu trail %zu ", hunk->old_start,
		    hunk->old_count, hunk->new_start, hunk->new_count, hunk->leading,
		    hunk->trailing);
	say_lines(hunk, out);
	if (hunk->function.n)
		rq_str_addf(out, " %.*s", RQ_SLICE_ARG(hunk->function));
	rq_str_adds(out, "\n");
}

static void say_file(const struct rq_filediff *file, struct rq_str *out)
{
	rq_str_addf(out, "%s %s %s", changes[file->change],
		    file->old_path ? file->old_path : "-",
		    file->new_path ? file->new_path : "-");
	if (file->old_mode || file->new_mode)
		rq_str_addf(out, " %o:%o", file->old_mode, file->new_mode);
	if (file->old_index.n)
		rq_str_addf(out, " %.*s..%.*s", RQ_SLICE_ARG(file->old_index),
			    RQ_SLICE_ARG(file->new_index));
	rq_str_adds(out, file->is_git ? " git" : "");
	rq_str_adds(out, file->binary_differs ? " differs" : "");
	rq_str_addf(out, " line %ld\n", file->line);
	for (size_t i = 0; i < file->n_hunks; i++)
		say_hunk(&file->hunks[i], out);
}

static struct rq_patch *parse(const char *name, const char *text, size_t n, int strip,
			      bool reverse)
{
	struct rq_patch_options options = { .strip = strip, .reverse = reverse };
	struct rq_patch *patch = NULL;
	struct rq_err err = { 0 };
	struct rq_str bytes = { 0 };

	rq_str_add(&bytes, text, n);
	if (rq_patch_parse(&patch, name, &bytes, &options, &err))
		fail_msg("%s", err.msg);
	assert_null(bytes.s);
	return patch;
}

static void check(const struct example *example, int strip, bool reverse)
{
	struct rq_patch *patch = parse(example->name, example->text,
				       strlen(example->text), strip, reverse);
	struct rq_str says = { 0 }, printed = { 0 };

	for (size_t i = 0; i < patch->n_files; i++)
		say_file(&patch->files[i], &says);
	rq_patch_print(patch, &printed);
	if (strcmp(rq_str_slice(&says).p, example->says))
		fail_msg("%s: says\n%s", example->name, says.s);
	if (strcmp(rq_str_slice(&printed).p, example->text))
		fail_msg("%s: prints\n%s", example->name, printed.s);
	rq_str_release(&says);
	rq_str_release(&printed);
	rq_patch_free(patch);
}

static void patches_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(patches); i++)
		check(&patches[i], 1, false);
	for (size_t i = 0; i < ARRAY_SIZE(without_strip); i++)
		check(&without_strip[i], 0, false);
	for (size_t i = 0; i < ARRAY_SIZE(strip_two); i++)
		check(&strip_two[i], 2, false);
	for (size_t i = 0; i < ARRAY_SIZE(reversed); i++)
		check(&reversed[i], 1, true);
}

static void assert_slice(struct rq_slice slice, const char *text)
{
	if (!rq_slice_eq(slice, rq_slice_of(text)))
		fail_msg("'%.*s' is not '%s'", RQ_SLICE_ARG(slice), text);
}

static void text_lies_in_head_and_trailer(void **state)
{
	static const char text[] = "head\n\nIndex: x\n--- a/x\n+++ b/x\n" ONE
				   "between\n--- a/y\n+++ b/y\n" ONE "-- \n2.39.5\n";
	struct rq_patch *patch = parse("q", text, strlen(text), 1, false);

	(void)state;
	assert_slice(patch->head, "head\n\n");
	assert_slice(patch->files[0].header, "Index: x\n--- a/x\n+++ b/x\n");
	assert_slice(patch->files[0].hunks[0].header, "@@ -1 +1 @@\n");
	assert_slice(patch->files[0].trailer, "between\n");
	assert_slice(patch->files[1].trailer, "-- \n2.39.5\n");
	assert_int_equal(patch->files[1].hunks[0].line, 12);
	rq_patch_free(patch);
}

static void lines_are_equal_when_their_text_is(void **state)
{
	static const char text[] =
		"--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n b\n-c\n\\ No\n+c\n";
	static const char cut[] = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-b\n+c\n d";
	struct rq_patch *patch = parse("q", text, strlen(text), 1, false);
	struct rq_line *lines = patch->files[0].hunks[0].lines;

	(void)state;
	assert_slice(lines[0].text, "b\n");
	assert_slice(lines[1].text, "c");
	assert_slice(lines[1].raw, "-c\n\\ No\n");
	assert_slice(lines[2].text, "c\n");
	rq_patch_free(patch);
	patch = parse("q", cut, strlen(cut), 1, false);
	lines = patch->files[0].hunks[0].lines;
	assert_slice(lines[2].text, "d\n");
	assert_slice(lines[2].raw, " d");
	rq_patch_free(patch);
}

/* Made by git: "a\0b" created. */
#define LITERAL                                                              \
	"diff --git a/x b/x\nnew file mode 100644\nindex 0000000..20b5be9\n" \
	"GIT binary patch\nliteral 3\nKcmYdfNCE%>hycU@\n\nliteral 0\nHcmV?d00001\n\n"

static void binary_literals_are_decoded(void **state)
{
	static const char text[] = LITERAL "-- \n2.39.5\n";
	struct rq_patch *patch = parse("q", text, strlen(text), 1, false);
	const struct rq_filediff *file = &patch->files[0];
	struct rq_str printed = { 0 };

	(void)state;
	assert_true(file->has_binary && file->has_reverse);
	assert_int_equal(file->change, RQ_CHANGE_CREATE);
	assert_string_equal(file->new_path, "x");
	assert_int_equal(file->forward.kind, RQ_BINARY_LITERAL);
	assert_int_equal(file->forward.data.len, 3);
	assert_memory_equal(file->forward.data.s, "a\0b", 3);
	assert_int_equal(file->reverse.data.len, 0);
	assert_slice(file->header, LITERAL);
	rq_patch_print(patch, &printed);
	assert_slice(rq_str_slice(&printed), text);
	rq_str_release(&printed);
	rq_patch_free(patch);
}

static void binary_halves_are_swapped_by_reverse(void **state)
{
	struct rq_patch *patch = parse("q", LITERAL, strlen(LITERAL), 1, true);
	const struct rq_filediff *file = &patch->files[0];

	(void)state;
	assert_int_equal(file->change, RQ_CHANGE_DELETE);
	assert_int_equal(file->forward.data.len, 0);
	assert_int_equal(file->reverse.data.len, 3);
	rq_patch_free(patch);
}

/* Made by git: 200 numbered lines, "77" becomes "seventyseven". */
#define DELTA                                                                  \
	"diff --git a/y b/y\n"                                                 \
	"index 869b3d693d83d22c517730e704bfbb7154208f38.."                     \
	"8753d02e99b9dbafeb992d255978166312a7bc67 100644\n"                    \
	"GIT binary patch\ndelta 23\nbcmX@kdXaU)JD%dyvedkiN-(wY!*xaged!9-\n\n" \
	"delta 13\nVcmcb}dYpB_J0^4UjlZrl0stxT1{44Q\n\n"

static void numbered(struct rq_str *out, const char *of_77)
{
	rq_str_add(out, "a\0b\0longer content ", 19);
	for (int i = 1; i <= 200; i++) {
		if (i == 77)
			rq_str_addf(out, "%s\n", of_77);
		else
			rq_str_addf(out, "%d\n", i);
	}
}

static void binary_deltas_are_applied(void **state)
{
	struct rq_patch *patch = parse("q", DELTA, strlen(DELTA), 1, false);
	const struct rq_filediff *file = &patch->files[0];
	struct rq_str old = { 0 }, new = { 0 }, out = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	numbered(&old, "77");
	numbered(&new, "seventyseven");
	assert_int_equal(file->forward.kind, RQ_BINARY_DELTA);
	assert_int_equal(rq_binary_apply_delta(rq_str_slice(&old),
					       rq_str_slice(&file->forward.data), &out,
					       &err),
			 0);
	assert_true(rq_slice_eq(rq_str_slice(&out), rq_str_slice(&new)));
	out.len = 0;
	assert_int_equal(rq_binary_apply_delta(rq_str_slice(&new),
					       rq_str_slice(&file->reverse.data), &out,
					       &err),
			 0);
	assert_true(rq_slice_eq(rq_str_slice(&out), rq_str_slice(&old)));
	rq_str_release(&old);
	rq_str_release(&new);
	rq_str_release(&out);
	rq_patch_free(patch);
}

/* A million lines, a hundred megabytes in one: memory and time follow the input. */
static void large_inputs_are_no_trouble(void **state)
{
	const size_t lines = 1000000, width = 100 * 1000 * 1000;
	struct rq_str text = { 0 }, printed = { 0 };
	struct rq_patch *patch;
	char *wide = rq_xmalloc(width);

	(void)state;
	memset(wide, 'x', width);
	rq_str_addf(&text, "--- a/x\n+++ b/x\n@@ -1,%zu +1 @@\n", lines + 1);
	for (size_t i = 0; i < lines; i++)
		rq_str_adds(&text, "-\n");
	rq_str_adds(&text, "-");
	rq_str_add(&text, wide, width);
	rq_str_adds(&text, "\n+\n\n--- ");
	rq_str_add(&text, wide, width);
	patch = parse("q", text.s, text.len, 1, false);
	assert_int_equal(patch->files[0].hunks[0].n_lines, lines + 2);
	rq_patch_print(patch, &printed);
	assert_true(rq_slice_eq(rq_str_slice(&printed), rq_str_slice(&text)));
	rq_str_release(&text);
	rq_str_release(&printed);
	rq_patch_free(patch);
	free(wide);
}

/* Whether a line of text and what follows are a hunk with all of its lines. */
static void a_hunk_is_whole_or_not(void **state)
{
	static const struct {
		const char *line, *behind;
		bool whole;
	} hunks[] = {
		{ "@@ -1,2 +1,2 @@\n", " a\n-b\n+c\n", true },
		{ "@@ -1,2 +1,2 @@\n", " a\n-b\n+c\nmore\n", true },
		{ "@@ -1,2 +1,2 @@\n", "\n-b\n+c\n", true },
		{ "@@ -1,2 +1,2 @@\n", "\r\n-b\n+c\n", true },
		{ "@@ -1 +1 @@ f\n", "-b\n\\ No newline at end of file\n+c\n", true },
		{ "@@ -0,0 +1 @@\n", "+c\n", true },
		{ "@@ -1 +0,0 @@\n", "-c\n", true },
		{ "@@ -1,2 +1,2 @@\n", " a\n-b\n", false },
		{ "@@ -1,2 +1,2 @@\n", " a\n-b\n+c", true },
		{ "@@ -1,2 +1,2 @@\n", " a\n+b\n+c\n", false },
		{ "@@ -1,2 +1,2 @@\n", " a\n-b\n-c\n", false },
		{ "@@ -1,2 +1,2 @@\n", "a\n-b\n+c\n", false },
		{ "@@ -1,2 +1,2 @@\n", "", false },
		{ "@@ -1,2 +1,2\n", " a\n-b\n+c\n", false },
		{ "@@ x @@\n", " a\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hunks); i++)
		if (rq_hunk_is_whole(rq_slice_of(hunks[i].line),
				     rq_slice_of(hunks[i].behind)) != hunks[i].whole)
			fail_msg("sample %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patches_are_understood),
		cmocka_unit_test(text_lies_in_head_and_trailer),
		cmocka_unit_test(lines_are_equal_when_their_text_is),
		cmocka_unit_test(binary_literals_are_decoded),
		cmocka_unit_test(binary_halves_are_swapped_by_reverse),
		cmocka_unit_test(binary_deltas_are_applied),
		cmocka_unit_test(large_inputs_are_no_trouble),
		cmocka_unit_test(a_hunk_is_whole_or_not),
	};

	return cmocka_run_group_tests_name("patch", tests, NULL, NULL);
}
