// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patches from commits, from a quilt folder and from another queue: what is taken, byte for byte,
 * and the line that is told where something is refused.
 */
#include "scratch.h"

#include "import/import.h"
#include "import/quoted_internal.h"
#include "series/series.h"

/* The bytes of all that was imported, each below its subject or its path and the rest of its line. */
static void assert_imported(const struct rq_import *import, const char *want)
{
	struct rq_str text = { 0 };

	for (size_t i = 0; i < import->patches.n; i++) {
		const struct rq_imported *p = &import->patches.v[i];

		rq_str_addf(&text, "== %s%s%s\n", p->subject ? p->subject : p->path,
			    p->rest ? p->rest : "", p->rule ? " (rule)" : "");
		rq_str_add_slice(&text, rq_str_slice(&p->bytes));
	}
	assert_string_equal(text.s ? text.s : "", want);
	rq_str_release(&text);
}

/* Three commits with dates in two zones; the last message has no newline, the second a cut line. */
static void commit_three(struct scratch *s)
{
	free(shell(s,
		   "export GIT_DIR=repo.git GIT_AUTHOR_DATE='1000000000 +0130' "
		   "GIT_COMMITTER_DATE='1000000000 +0000'; "
		   "git --git-dir=repo.git symbolic-ref HEAD refs/heads/main; "
		   "tree() { printf '100644 blob %%s\\ta\\n' $(printf '%%s\\n' $1 | git "
		   "hash-object -w --stdin) | git mktree; }; "
		   "one=$(git commit-tree -m one $(tree 1)); "
		   "two=$(printf 'two\\n\\nwords\\n---\\ndiff -u x\\nIndex: x\\n--- "
		   "x\\n' | git commit-tree -p $one $(tree 2)); "
		   "three=$(printf 'three\\n\\nno end' | git commit-tree -p $two $(tree "
		   "3)); "
		   "git tag one $one; git tag two $two; git tag three $three; git "
		   "update-ref refs/heads/main $three; "
		   "git tag merge $(git commit-tree -m m -p $three -p $one $(tree 3))"));
}

#define DIFF(old, new)                                                              \
	"diff --git a/a b/a\nindex %s 100644\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-" old \
	"\n+" new "\n"
#define MAIL(subject, body)                                                      \
	"== " subject                                                            \
	"\nFrom %s Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nDate: "    \
	"Sun, 09 Sep 2001 03:16:40 +0130\nSubject: [PATCH] " subject "\n\n" body \
	"---\n\n"

static char *of_three(struct scratch *s)
{
	char *two = shell(s, "git -C repo.git rev-parse two"),
	     *three = shell(s, "git -C repo.git rev-parse three");
	char *ids_2 = shell(
		s,
		"git -C repo.git diff one two | sed -n 's/^index \\([^ ]*\\) .*/\\1/p'");
	char *ids_3 = shell(s, "git -C repo.git diff two three | sed -n 's/^index \\([^ "
			       "]*\\) .*/\\1/p'");
	char *text = rq_xasprintf(
		MAIL("two", "words\n ---\n diff -u x\n Index: x\n --- x\n") DIFF("1", "2")
			MAIL("three", "no end\n") DIFF("2", "3"),
		two, ids_2, three, ids_3);

	free(two);
	free(three);
	free(ids_2);
	free(ids_3);
	return text;
}

static void commits_are_taken(void **state)
{
	static const char *const good[][2] = { { "one..three", NULL },
					       { "one..", NULL },
					       { "two", "three" },
					       { "one..two", "three" } };
	static const char *const bad[][2] = {
		{ "three..three", "no commits in it" },
		{ "three..one", "no commits in it" },
		{ "none..three", "no such commit" },
		{ "one..none", "no such commit" },
		{ "none", "no such commit" },
		{ "two^{tree}", "no such commit" },
		{ "merge", "is a merge; name its commits" },
	};
	struct scratch *s = *state;
	char *want;

	commit_three(s);
	want = of_three(s);
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		char *words[] = { (char *)good[i][0], (char *)good[i][1] };
		struct rq_import import = { 0 };

		assert_ok(s, rq_import_commits(&import, s->repo_path, "refs/heads/none",
					       words, words[1] ? 2 : 1, &s->err));
		assert_imported(&import, want);
		rq_import_release(&import);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char *words[] = { (char *)bad[i][0] };
		struct rq_import import = { 0 };

		assert_fails(s, RQ_EFORMAT, bad[i][1],
			     rq_import_commits(&import, s->repo_path, "refs/heads/none",
					       words, 1, &s->err));
		assert_non_null(strstr(s->err.msg, bad[i][0]));
		rq_import_release(&import);
	}
	free(want);
}

/* The guards x and y are declared. */
static int import_quilt(struct scratch *s, struct rq_import *out, const char *series)
{
	static const char conf[] =
		"[branch \"one\"]\n[queue]\n\tguard = x\n\tguard = y\n";
	char *path = rq_xasprintf("%s/q", s->dir);
	char *conf_path = rq_xasprintf("%s/branches.conf", s->dir);
	struct rq_branches branches = { 0 };
	int rc;

	write_file(s, "branches.conf", conf, strlen(conf));
	assert_ok(s, rq_branches_load(&branches, conf_path, &s->err));
	write_file(s, "q/series", series, strlen(series));
	rc = rq_import_quilt(out, path, "q", &branches, &s->err);
	rq_branches_release(&branches);
	free(conf_path);
	free(path);
	return rc;
}

static void a_quilt_folder_is_taken(void **state)
{
	static const struct {
		const char *series, *want;
	} good[] = {
		{ "a.patch\nsub/b.patch\n", "== a.patch\nA\n== sub/b.patch\nB\n" },
		{ "# a comment\n\n  a.patch  \n", "== a.patch\nA\n" },
		{ "a.patch -p0 # words\n", "== a.patch -p0 # words\nA\n" },
		{ "a.patch -R -p2\n", "== a.patch -R -p2\nA\n" },
		{ "a.patch # words\n", "== a.patch # words\nA\n" },
		{ "+x a.patch\n", "== a.patch #+x\nA\n" },
		{ "+x -y a.patch -p0\n", "== a.patch -p0 #+x -y\nA\n" },
		{ "-x a.patch # words\n", "== a.patch #-x # words\nA\n" },
		{ "-x a.patch -R # words\n", "== a.patch -R #-x # words\nA\n" },
	};
	static const struct {
		const char *series, *message;
		int rc;
	} bad[] = {
		{ "\na.patch --dry-run\n",
		  "q/series:2: option '--dry-run' is not allowed; only -pN and -R are",
		  RQ_EFORMAT },
		{ "a.patch -p10\n", "q/series:1: option '-p10' is not allowed",
		  RQ_EFORMAT },
		{ "a.patch -px\n", "q/series:1: option '-px' is not allowed",
		  RQ_EFORMAT },
		{ "a.patch -p1 words\n", "q/series:1: option 'words' is not allowed",
		  RQ_EFORMAT },
		{ "  + \na.patch\n", "q/series:1: '+' stands where a name belongs",
		  RQ_EFORMAT },
		{ "-\na.patch\n", "q/series:1: '-' stands where a name belongs",
		  RQ_EFORMAT },
		{ "+ a.patch\n", "q/series:1: a '+' without a guard in front of a.patch",
		  RQ_EFORMAT },
		{ "+x\n", "q/series:1: '+x' stands where a name belongs", RQ_EFORMAT },
		{ "../a.patch\n", "q/series:1: path '../a.patch' has a '..' part",
		  RQ_EUNSAFE },
		{ "none.patch\n", "q/none.patch: not there", RQ_EFORMAT },
		{ "x.cocci\n", "q/series:1: x.cocci: a rule is no patch to push",
		  RQ_EFORMAT },
		{ "# nothing\n", "q/series: names no patch", RQ_EFORMAT },
		{ "a.patch\nlink.patch\n", "q/series:2: ", RQ_EUNSAFE },
	};
	struct scratch *s = *state;

	free(shell(s, "mkdir -p q/sub && echo A >q/a.patch && echo B >q/sub/b.patch && "
		      "echo >q/x.cocci && "
		      "echo secret >secret && ln -s ../secret q/link.patch"));
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct rq_import import = { 0 };

		assert_ok(s, import_quilt(s, &import, good[i].series));
		assert_imported(&import, good[i].want);
		rq_import_release(&import);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct rq_import import = { 0 };

		assert_fails(s, bad[i].rc, bad[i].message,
			     import_quilt(s, &import, bad[i].series));
		rq_import_release(&import);
	}
}

/* A comment goes with its entry; one of a section stays. */
static void comments_of_entries_left_out_are_dropped(void **state)
{
	static const char *const samples[][3] = {
		{ "# of b\n-sub/b.patch\na.patch\n", "", "" },
		{ "# all\n\n# of b\n# too\n- sub/b.patch\n# of a\na.patch\n",
		  "# all\n\n# of a\n", "" },
		{ "# of a\na.patch\n# of b\n+nobody sub/b.patch\n", "# of a\n", "" },
		{ "a.patch\n# of b\n-sub/b.patch\n# end\n", "", "# end\n" },
	};
	struct scratch *s = *state;

	free(shell(s, "mkdir -p q/sub && echo A >q/a.patch && echo B >q/sub/b.patch"));
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_import import = { 0 };
		const struct rq_str *above;

		assert_ok(s, import_quilt(s, &import, samples[i][0]));
		assert_int_equal(import.patches.n, 1);
		above = &import.patches.v[0].above;
		assert_string_equal(above->s ? above->s : "", samples[i][1]);
		assert_string_equal(import.below.s ? import.below.s : "", samples[i][2]);
		rq_import_release(&import);
	}
}

/* No link leads to a file that the directory does not hold. */
static void links_out_of_a_directory_are_refused(void **state)
{
	struct scratch *s = *state;
	char *path = rq_xasprintf("%s/d", s->dir);
	struct rq_import import = { 0 };

	free(shell(s, "mkdir d && echo A >d/0001-a.patch && echo secret >secret && "
		      "ln -s ../secret d/0002-b.patch"));
	assert_true(rq_is_patch_directory(path));
	assert_fails(s, RQ_EUNSAFE, "d/0002-b.patch: a link that leads out of ",
		     rq_import_directory(&import, path, &s->err));
	rq_import_release(&import);
	/* as git format-patch has them */
	free(shell(s, "printf 'Subject: [PATCH 1/2] a\\n\\n' >d/0001-a.patch; "
		      "printf 'Subject: [PATCH 2/2] b\\n\\n' >secret"));
	assert_true(rq_is_patch_directory(path));
	/* one that stays within */
	free(shell(s, "rm d/0002-b.patch && ln -s 0001-a.patch d/0002-b.patch"));
	import = (struct rq_import){ 0 };
	assert_ok(s, rq_import_directory(&import, path, &s->err));
	assert_int_equal(import.patches.n, 2);
	rq_import_release(&import);
	free(path);
}

static void the_file_of_a_series(void **state)
{
	struct scratch *s = *state;
	char *path = rq_xasprintf("%s/q", s->dir),
	     *queue = rq_xasprintf("%s/r/series/demo.series", s->dir);
	struct rq_import import = { 0 };

	free(shell(s, "mkdir q && echo A >q/a.patch && echo B >q/b.patch && echo b.patch "
		      ">q/series.conf"));
	assert_ok(s, rq_import_quilt(&import, path, "q", &(struct rq_branches){ 0 },
				     &s->err));
	assert_imported(&import, "== b.patch\nB\n");
	rq_import_release(&import);
	free(shell(s, "echo a.patch >q/series"));
	import = (struct rq_import){ 0 };
	assert_ok(s, rq_import_quilt(&import, path, "q", &(struct rq_branches){ 0 },
				     &s->err));
	assert_imported(&import, "== a.patch\nA\n");
	rq_import_release(&import);
	free(shell(s, "rm q/series*"));
	import = (struct rq_import){ 0 };
	assert_fails(
		s, RQ_EFORMAT, "q/series: not there",
		rq_import_quilt(&import, path, "q", &(struct rq_branches){ 0 }, &s->err));
	rq_import_release(&import);
	/* a queue: patches and rules have folders of their own, and its name goes */
	free(shell(s,
		   "mkdir -p r/series r/patches/demo r/patches/other r/cocci/demo && "
		   "echo A >r/patches/demo/a.patch && "
		   "echo O >r/patches/other/o.patch && echo R >r/cocci/demo/r.cocci && "
		   "printf 'demo/a.patch -p0 #+x\\ndemo/r.cocci\\nother/o.patch\\n' "
		   ">r/series/demo.series"));
	import = (struct rq_import){ 0 };
	assert_ok(s, rq_import_queue(&import, queue, &s->err));
	assert_imported(
		&import,
		"== a.patch -p0 #+x\nA\n== r.cocci (rule)\nR\n== other/o.patch\nO\n");
	rq_import_release(&import);
	free(path);
	free(queue);
}

/* Files that nobody can read, root neither. */
static void what_cannot_be_read_is_told(void **state)
{
	static const char *const mails[] = { "mem", "maildir", "patches" };
	struct scratch *s = *state;
	struct rq_import import = { 0 };
	char *queue = rq_xasprintf("%s/r/series/demo.series", s->dir);

	free(shell(s,
		   "ln -s /proc/self/mem mem; mkdir -p maildir/cur maildir/new patches; "
		   "ln -s ../../mem maildir/new/1; ln -s ../mem patches/1.patch; "
		   "mkdir -p q/a.patch r/series/demo.series"));
	for (size_t i = 0; i < ARRAY_SIZE(mails); i++) {
		char *path = rq_xasprintf("%s/%s", s->dir, mails[i]);

		assert_fails(s, RQ_EIO, path,
			     rq_import_mails(&import, &path, 1,
					     &(struct rq_mail_options){ 0 }, &s->err));
		rq_import_release(&import);
		import = (struct rq_import){ 0 };
		free(path);
	}
	assert_fails(s, RQ_EIO, "q/series:1: ", import_quilt(s, &import, "a.patch\n"));
	rq_import_release(&import);
	import = (struct rq_import){ 0 };
	assert_fails(s, RQ_EIO, "demo.series", rq_import_queue(&import, queue, &s->err));
	rq_import_release(&import);
	free(queue);
}

static int read_text(void *ctx, const char *path, struct rq_str *bytes, bool *found,
		     struct rq_err *err)
{
	const char *text = ctx;

	if (strcmp(text, "broken") == 0)
		return rq_err_set(err, RQ_EIO, "%s: broken", path);
	*found = strcmp(text, "none") != 0;
	if (*found)
		rq_str_adds(bytes, text);
	return 0;
}

/* Old lines get the blanks of the first tree where they have one place. */
static void old_lines_are_mended(void **state)
{
	static const struct {
		const char *trees[2], *lines[4], *want;
		bool mended;
	} samples[] = {
		{ { "x\n\ta\tb;\ny\n" },
		  { " a b;", "+ n", "-y" },
		  " \ta\tb;\n+ n\n-y\n",
		  true },
		{ { "x\n\ta  b;  \r\ny\n" }, { "- a b; " }, "-\ta  b;  \n", true },
		{ { "a b\n" }, { "-ab" }, "-ab\n", false },
		{ { "ab\n" }, { "-a b" }, "-a b\n", false },
		{ { "a b" }, { "-a  b" }, "-a b\n", true },
		/* Two places, or none: the next tree. */
		{ { "a  b\na b\n" }, { "-a b" }, "-a b\n", false },
		{ { "a  b\na b\n", "\ta b\n" }, { "-a b" }, "-\ta b\n", true },
		{ { "none", "\ta b\n" }, { "-a b" }, "-\ta b\n", true },
		{ { "c\n", "\ta b\n" }, { "-a b" }, "-\ta b\n", true },
		{ { "\ta b\n", "  a b\n" }, { "-a b" }, "-\ta b\n", true },
		{ { "a\nb\n" }, { "-a", "-b", "-c" }, "-a\n-b\n-c\n", false },
		{ { "a\n" }, { "+a" }, "+a\n", false },
	};
	const struct rq_quoted_tree broken = { read_text, "broken" };
	struct rq_quoted_hunk one = { .path = "x" };
	struct rq_err err = { 0 };
	bool mended;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_quoted_tree trees[2];
		struct rq_quoted_hunk hunk = { .path = "x" };
		struct rq_str text = { 0 };
		size_t n = 0;

		for (; n < 2 && samples[i].trees[n]; n++)
			trees[n] = (struct rq_quoted_tree){ read_text,
							    (void *)samples[i].trees[n] };
		for (size_t k = 0; k < 4 && samples[i].lines[k]; k++)
			*rq_vec_push(&hunk.lines) = (struct rq_quoted_line){
				.sign = *samples[i].lines[k],
				.text = rq_xstrdup(samples[i].lines[k] + 1),
			};
		assert_int_equal(rq_quoted_mend(&hunk, trees, n, &mended, &err), 0);
		for (size_t k = 0; k < hunk.lines.n; k++) {
			const struct rq_quoted_line *line = &hunk.lines.v[k];

			assert_int_equal(line->mended, mended && line->sign != '+');
			rq_str_addf(&text, "%c%s\n", line->sign, line->text);
			free(line->text);
		}
		if (mended != samples[i].mended || strcmp(text.s, samples[i].want) != 0)
			fail_msg("sample %zu: %d\n%s", i, mended, text.s);
		rq_str_release(&text);
		rq_vec_release(&hunk.lines);
	}
	assert_int_equal(rq_quoted_mend(&one, &broken, 1, &mended, &err), RQ_EIO);
}

/* The sign of context lines is taken off where all of them have it. */
static void context_keeps_no_sign(void **state)
{
	static const char *const samples[][2] = {
		{ "  a|+ b|  |- c", " a|+ b| |- c" },
		{ "  a|+ b| c", "  a|+ b| c" },
		{ " | a|+ b", " | a|+ b" },
		{ " |  a|+ b", " | a|+ b" },
		{ "+ b|- c", "+ b|- c" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_quoted_hunk hunk = { 0 };
		struct rq_str text = { 0 };

		for (const char *at = samples[i][0]; at; at = strchr(at, '|')) {
			at += *at == '|';
			*rq_vec_push(&hunk.lines) = (struct rq_quoted_line){
				.sign = *at,
				.text = rq_xstrndup(at + 1, strcspn(at + 1, "|")),
			};
		}
		rq_quoted_uncontext(&hunk);
		for (size_t k = 0; k < hunk.lines.n; k++) {
			rq_str_addf(&text, "%s%c%s", k ? "|" : "", hunk.lines.v[k].sign,
				    hunk.lines.v[k].text);
			free(hunk.lines.v[k].text);
		}
		if (strcmp(text.s, samples[i][1]) != 0)
			fail_msg("sample %zu: %s", i, text.s);
		rq_str_release(&text);
		rq_vec_release(&hunk.lines);
	}
}

/* Added lines of a mail that turned tabs into blanks are indented like their neighbours. */
static void added_lines_are_indented(void **state)
{
	static const struct {
		const char *lines[6], *want;
		size_t guessed;
	} samples[] = {
		{ { " \tfirst();", "+ second();" }, " \tfirst();\n+\tsecond();\n", 1 },
		{ { " \tif (a) {", "+ b();", "+ }" },
		  " \tif (a) {\n+\t\tb();\n+\t}\n",
		  2 },
		{ { " \tf(a,", "+ b);" }, " \tf(a,\n+\t\t\tb);\n", 1 },
		{ { " \t * words", "+ * more" }, " \t * words\n+\t * more\n", 1 },
		/* Nothing to do: no blank, a tab before or behind it, nothing but blanks. */
		{ { " \tf();", "+label:" }, " \tf();\n+label:\n", 0 },
		{ { " \tf();", "+\tg();" }, " \tf();\n+\tg();\n", 0 },
		{ { " \tf();", "+ \tg();" }, " \tf();\n+ \tg();\n", 0 },
		{ { " \tf();", "+\t g();" }, " \tf();\n+\t g();\n", 0 },
		{ { " \tf();", "+  " }, " \tf();\n+  \n", 0 },
		/* A line that goes away, in the words of a tree, tells it for certain. */
		{ { " \tf();", "-\t\t\tg();", "+ g();" },
		  " \tf();\n-\t\t\tg();\n+\t\t\tg();\n",
		  0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_quoted_hunk hunk = { 0 };
		struct rq_str text = { 0 };
		size_t guessed;

		for (const char *const *line = samples[i].lines; *line; line++)
			*rq_vec_push(&hunk.lines) = (struct rq_quoted_line){
				.sign = **line,
				.mended = **line != '+',
				.text = rq_xstrdup(*line + 1),
			};
		guessed = rq_quoted_indent(&hunk);
		for (size_t k = 0; k < hunk.lines.n; k++) {
			rq_str_addf(&text, "%c%s\n", hunk.lines.v[k].sign,
				    hunk.lines.v[k].text);
			free(hunk.lines.v[k].text);
		}
		if (strcmp(text.s, samples[i].want) != 0)
			fail_msg("sample %zu:\n%s", i, text.s);
		assert_int_equal(guessed, samples[i].guessed);
		rq_str_release(&text);
		rq_vec_release(&hunk.lines);
	}
}

int main(void)
{
#define SCRATCH(test) \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		SCRATCH(commits_are_taken),
		SCRATCH(a_quilt_folder_is_taken),
		SCRATCH(comments_of_entries_left_out_are_dropped),
		SCRATCH(links_out_of_a_directory_are_refused),
		SCRATCH(the_file_of_a_series),
		SCRATCH(what_cannot_be_read_is_told),
		cmocka_unit_test(context_keeps_no_sign),
		cmocka_unit_test(old_lines_are_mended),
		cmocka_unit_test(added_lines_are_indented),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
