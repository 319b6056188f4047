// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sources become bases: the tree must be the one that git makes of the unpacked source, and
 * what a tree cannot hold, or an archive that is not whole, leaves the repository as it was.
 */
#include "scratch.h"

#include "tree/tree.h"

#define REF "refs/heads/base"

/* Files whose names, modes and order have traps, made in "src/linux-6.1.9". */
static const char odd_files[] =
	"mkdir -p src/linux-6.1.9 && cd src/linux-6.1.9 && umask 022\n"
	"mkdir -p a b/c/d empty/inner .hidden a.d\n"
	"echo 1 > a/f; echo 2 > a.c; echo 3 > a-b; echo 4 > a0; echo 5 > a.d/x; echo 6 > "
	".hidden/y\n"
	"echo '*.o' > .gitignore; echo object > x.o; : > b/empty; echo s > 'b/with "
	"space'\n"
	"printf u > b/\303\274n\303\257; printf n > b/nfde\314\201; ln -s ../a/f b/link\n"
	"ln -s /etc/passwd absolute; ln -s nowhere dangling; echo run > b/c/d/run; chmod "
	"755 b/c/d/run\n"
	"chmod 654 a.c; chmod 611 a0; ln a/f b/hard; ln b/link b/hardlink\n"
	"head -c 3000000 /dev/zero > big\n"
	"long=$(printf 'l%.0s' $(seq 180)); mkdir $long; echo l > $long/$long; ln -s "
	"$long/$long to-long\n"
	"printf 'VERSION = 6\\nPATCHLEVEL = 1\\nSUBLEVEL = 9\\nEXTRAVERSION =\\n' > "
	"Makefile\n"
	"find . -exec touch -h -d @1700000000 {} +; touch -d @1700000123 Makefile\n";

static char *git_tree(struct scratch *s)
{
	return shell(s,
		     "export GIT_DIR=$PWD/judge.git GIT_WORK_TREE=$PWD/src/linux-6.1.9; "
		     "git init -q; git add -A -f; git write-tree");
}

static int import(struct scratch *s, struct rq_tree_base *base, const char *source,
		  struct rq_err *err)
{
	struct rq_tree_import what = {
		.repo = s->repo, .ref = REF, .source = source, .threads = 2
	};
	char *path = strchr(source, ':') ? rq_xstrdup(source)
					 : rq_xasprintf("%s/%s", s->dir, source);
	int rc;

	what.source = path;
	rc = rq_tree_import(base, &what, err);
	free(path);
	return rc;
}

static void assert_imports(struct scratch *s, const char *source, const char *tree)
{
	struct rq_tree_base base;
	char hex[RQ_OID_HEX + 1];

	assert_ok(s, import(s, &base, source, &s->err));
	if (strcmp(rq_oid_hex(hex, &base.tree), tree))
		fail_msg("%s: tree %s, git says %s", source, hex, tree);
	assert_string_equal(base.version, "6.1.9");
	rq_tree_base_release(&base);
}

static void assert_untouched(struct scratch *s)
{
	struct rq_oid oid;

	assert_int_equal(count_packed(s, ""), 0);
	assert_fails(s, RQ_ENOTFOUND, REF, rq_ref_read(s->repo, REF, &oid, &s->err));
	assert_shell(s, "", "find repo.git/objects -type f");
}

static void tarballs_give_the_tree_of_git(void **state)
{
	static const char *const how[] = {
		"tar --format=gnu -cf t.tar -C src linux-6.1.9",
		"tar --format=pax -cf t.tar -C src linux-6.1.9",
		"tar --format=gnu -czf t.tar -C src linux-6.1.9",
		"tar --format=pax -cJf t.tar -C src linux-6.1.9",
		"tar -cf t.tar -C src/linux-6.1.9 .",
		"tar -cf t.tar -C src ./linux-6.1.9/",
		"git --git-dir=judge.git archive --prefix=x/ -o t.tar $(git "
		"--git-dir=judge.git write-tree)",
	};
	struct scratch *s = *state;
	char *tree;

	free(shell(s, "%s", odd_files));
	tree = git_tree(s);
	for (size_t i = 0; i < ARRAY_SIZE(how); i++) {
		free(shell(s, "%s", how[i]));
		assert_imports(s, "t.tar", tree);
	}
	assert_imports(s, "src/linux-6.1.9", tree);
	assert_shell(s, "",
		     "git -C repo.git fsck --strict --full --no-dangling 2>/dev/null");
	assert_shell(s, "0", "git -C repo.git count-objects | cut -d' ' -f1");
	free(tree);
}

static void one_commit_the_same_everywhere(void **state)
{
	struct scratch *s = *state;
	struct rq_tree_base first, again;

	free(shell(s, "%s", odd_files));
	free(shell(s, "tar -cf linux-6.1.9.tar -C src linux-6.1.9"));
	assert_ok(s, import(s, &first, "linux-6.1.9.tar", &s->err));
	assert_true(first.moved);
	assert_true(first.objects > 20);
	assert_int_equal(count_packed(s, ""), 2);
	assert_shell(s,
		     "author requilt <requilt@example.org> 1700000123 +0000\n"
		     "committer requilt <requilt@example.org> 1700000123 +0000\n\n"
		     "linux 6.1.9\n\nImported from linux-6.1.9.tar",
		     "git -C repo.git cat-file commit base | tail -n +2");
	assert_ok(s, import(s, &again, "linux-6.1.9.tar", &s->err));
	assert_false(again.moved);
	assert_int_equal(again.objects, 0);
	assert_true(rq_oid_eq(&first.commit, &again.commit));
	assert_int_equal(count_packed(s, ""), 2);
	rq_tree_base_release(&first);
	rq_tree_base_release(&again);
}

static void a_later_release_adds_what_is_new(void **state)
{
	struct scratch *s = *state;
	struct rq_tree_base base;

	free(shell(s, "%s", odd_files));
	free(shell(s, "tar -cf 9.tar -C src linux-6.1.9"));
	assert_ok(s, import(s, &base, "9.tar", &s->err));
	rq_tree_base_release(&base);
	free(shell(s, "echo new > src/linux-6.1.9/a/f2; "
		      "sed -i 's/= 9/= 10/' src/linux-6.1.9/Makefile; "
		      "mv src/linux-6.1.9 src/linux-6.1.10; tar -cf 10.tar -C src "
		      "linux-6.1.10"));
	assert_ok(s, import(s, &base, "10.tar", &s->err));
	assert_true(base.moved);
	assert_string_equal(base.version, "6.1.10");
	/* Two blobs, the folder a, the top, the commit. */
	assert_int_equal(base.objects, 5);
	assert_shell(s, "1", "git -C repo.git rev-list --count base");
	rq_tree_base_release(&base);
}

/* --- tars that no tar program would make --- */

struct raw {
	char type;
	const char *text[3]; /* name, target, contents */
};

static void add_member(struct rq_str *tar, const struct raw *m)
{
	char h[512] = { 0 }, fill[512] = { 0 };
	size_t len = m->text[2] ? strlen(m->text[2]) : 0;
	unsigned int sum = 0;

	snprintf(h, 100, "%s", m->text[0]);
	snprintf(h + 100, 8, "%07o", 0644);
	snprintf(h + 124, 12, "%011o", (unsigned int)len);
	snprintf(h + 136, 12, "%011o", 1000);
	memset(h + 148, ' ', 8);
	h[156] = m->type;
	snprintf(h + 157, 100, "%s", m->text[1] ? m->text[1] : "");
	memcpy(h + 257, "ustar\00000", 8);
	for (size_t i = 0; i < sizeof(h); i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	rq_str_add(tar, h, sizeof(h));
	rq_str_add(tar, m->text[2], len);
	rq_str_add(tar, fill, (512 - len % 512) % 512);
}

static void write_tar(struct scratch *s, const struct raw *members, size_t n, bool end)
{
	static const char zeros[1024];
	struct rq_str tar = { 0 };

	for (size_t i = 0; i < n; i++)
		add_member(&tar, &members[i]);
	if (end)
		rq_str_add(&tar, zeros, sizeof(zeros));
	write_file(s, "raw.tar", tar.s ? tar.s : "", tar.len);
	rq_str_release(&tar);
}

static void refused_by_name(void **state)
{
	static const struct {
		struct raw members[3];
		enum rq_code code;
		const char *message;
	} cases[] = {
		{ { { '0', { "/p/a" } } }, RQ_EUNSAFE, "'/p/a'" },
		{ { { '0', { "p/a" } }, { '0', { "p/../q" } } },
		  RQ_EUNSAFE,
		  "'p/../q' has a '..' part" },
		{ { { '0', { "p/.git/config" } } },
		  RQ_EUNSAFE,
		  "'p/.git/config' has a '.git' part" },
		{ { { '0', { "p/.GiT" } } }, RQ_EUNSAFE, "'p/.GiT'" },
		{ { { '5', { "p/.git/" } } }, RQ_EUNSAFE, "'p/.git'" },
		{ { { '2', { "p/../l", "x" } } }, RQ_EUNSAFE, "'p/../l'" },
		{ { { '1', { "p/../h", "p/a" } } }, RQ_EUNSAFE, "'p/../h'" },
		{ { { 'x', { "h", NULL, "14 path=../up\n" } }, { '0', { "p/a" } } },
		  RQ_EUNSAFE,
		  "'../up" },
		{ { { 'L', { "././@LongLink", NULL, "p/../long" } }, { '0', { "p/a" } } },
		  RQ_EUNSAFE,
		  "'p/../long'" },
		{ { { '0', { "p/a" } }, { '0', { "p/b" } }, { '0', { "p/a" } } },
		  RQ_EFORMAT,
		  "'p/a' is there twice" },
		{ { { '0', { "p/a" } }, { '0', { "p/./a" } } }, RQ_EUNSAFE, "'p/./a'" },
		{ { { '0', { "p/a" } }, { '0', { "p/a/b" } } },
		  RQ_EFORMAT,
		  "a/b: the file 'a' is in the way" },
		{ { { '2', { "p/a", "/tmp" } }, { '0', { "p/a/b" } } },
		  RQ_EFORMAT,
		  "the file 'a' is in the way" },
		{ { { '0', { "p/a/b" } }, { '0', { "p/a" } } },
		  RQ_EFORMAT,
		  "a: a folder is in the way" },
		{ { { '0', { "p/a" } }, { '5', { "p/a/" } } },
		  RQ_EFORMAT,
		  "'p/a' is there twice, as a file" },
		{ { { '3', { "p/dev" } } }, RQ_EUNSAFE, "p/dev: neither file" },
		{ { { '4', { "p/dev" } } }, RQ_EUNSAFE, "p/dev: neither file" },
		{ { { '6', { "p/fifo" } } }, RQ_EUNSAFE, "p/fifo: neither file" },
		{ { { 'S', { "p/sparse", NULL, "x" } } },
		  RQ_EFORMAT,
		  "p/sparse: a sparse member" },
		{ { { 'x', { "h", NULL, "22 GNU.sparse.major=1\n" } },
		    { '0', { "p/a" } } },
		  RQ_EFORMAT,
		  "a sparse member" },
		{ { { 'Q', { "p/what" } } },
		  RQ_EFORMAT,
		  "p/what: a member of unknown type" },
		{ { { '1', { "p/h", "p/none" } } },
		  RQ_EFORMAT,
		  "'p/h' is a hard link to 'p/none'" },
		{ { { '1', { "p/h", "p/later" } }, { '0', { "p/later" } } },
		  RQ_EFORMAT,
		  "no earlier file" },
		{ { { '5', { "p/d" } }, { '1', { "p/h", "p/d" } } },
		  RQ_EFORMAT,
		  "no earlier file" },
		{ { { '0', { "p/a" } }, { '1', { "p/h", "p/a", "own" } } },
		  RQ_EFORMAT,
		  "contents of its own" },
		{ { { '2', { "p/l", "" } } }, RQ_EFORMAT, "p/l: a link to nowhere" },
		{ { { 'g', { "h", NULL, "9 path=a\n" } }, { '0', { "p/a" } } },
		  RQ_EFORMAT,
		  "sets 'path'" },
		{ { { 'x', { "h", NULL, "99 path=a\n" } }, { '0', { "p/a" } } },
		  RQ_EFORMAT,
		  "a pax header" },
		{ { { 'x', { "h", NULL, "8 pathxx\n" } }, { '0', { "p/a" } } },
		  RQ_EFORMAT,
		  "a pax header" },
		{ { { '5', { "p/" } } }, RQ_EFORMAT, "no file in it" },
	};
	struct scratch *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rq_tree_base base;
		size_t n = 0;

		while (n < 3 && cases[i].members[n].text[0])
			n++;
		write_tar(s, cases[i].members, n, true);
		assert_fails(s, cases[i].code, cases[i].message,
			     import(s, &base, "raw.tar", &s->err));
		assert_non_null(strstr(s->err.msg, "raw.tar: "));
		assert_untouched(s);
	}
}

static void a_leading_folder_is_taken_off(void **state)
{
	static const struct {
		struct raw members[3];
		const char *names;
	} cases[] = {
		{ { { '0', { "p/a" } }, { '0', { "p/b/c" } } }, "a\nb/c" },
		{ { { '5', { "p/" } }, { '0', { "p/a" } }, { '1', { "p/h", "p/a" } } },
		  "a\nh" },
		{ { { 'g', { "pax_global_header", NULL, "12 comment=\n" } },
		    { '0', { "p/a" } } },
		  "a" },
		{ { { '0', { "./p/a" } }, { '0', { "./p/b" } } }, "a\nb" },
		{ { { '0', { "p/a" } }, { '0', { "q" } } }, "p/a\nq" },
		{ { { '0', { "p/a" } }, { '0', { "pp/b" } } }, "p/a\npp/b" },
		{ { { '0', { "only" } } }, "only" },
		{ { { '5', { "p/x" } }, { '5', { "p/x/" } }, { '0', { "p/x/f" } } },
		  "x/f" },
	};
	struct scratch *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rq_tree_base base;
		size_t n = 0;

		while (n < 3 && cases[i].members[n].text[0])
			n++;
		write_tar(s, cases[i].members, n, true);
		assert_ok(s, import(s, &base, "raw.tar", &s->err));
		assert_null(base.version);
		assert_shell(s, cases[i].names,
			     "git -C repo.git ls-tree -r --name-only base");
		rq_tree_base_release(&base);
	}
}

/* Cut anywhere, also where a member ends; one bit off; nothing; something else. */
static void damaged_archives(void **state)
{
	static const char *const how[] = {
		"head -c 100 t.tar > bad",
		"head -c 5000 t.tar > bad",
		"head -c $(($(stat -c %s t.tar) - 10240)) t.tar | head -c 10240 > bad",
		": > bad",
		"seq 10000 > bad",
		"gzip -c t.tar | head -c -4 > bad",
		"gzip -c t.tar | head -c 2000 > bad",
		"gzip -1c t.tar > bad; printf X | dd of=bad bs=1 conv=notrunc "
		"seek=$(($(stat -c %s bad) - 6))",
		"xz -c t.tar | head -c -3 > bad",
		"xz -c t.tar | head -c 600 > bad",
		"xz -c t.tar > bad; printf X | dd of=bad bs=1 conv=notrunc "
		"seek=$(($(stat -c %s bad) - 60))",
		"xz -c t.tar > bad; printf X | dd of=bad bs=1 conv=notrunc seek=400",
	};
	struct scratch *s = *state;

	free(shell(s, "%s", odd_files));
	free(shell(s, "tar --format=gnu -cf t.tar -C src linux-6.1.9"));
	for (size_t i = 0; i < ARRAY_SIZE(how); i++) {
		struct rq_tree_base base;

		free(shell(s, "{ %s; } 2>/dev/null", how[i]));
		if (!import(s, &base, "bad", &s->err))
			fail_msg("accepted: %s", how[i]);
		assert_int_equal(s->err.code, RQ_EFORMAT);
		assert_non_null(strstr(s->err.msg, "/bad: "));
		assert_untouched(s);
	}
}

static void no_end_mark(void **state)
{
	static const struct raw members[] = { { '0', { "p/a", NULL, "x" } },
					      { '0', { "p/b", NULL, "y" } } };
	struct scratch *s = *state;
	struct rq_tree_base base;

	write_tar(s, members, 2, false);
	assert_fails(s, RQ_EFORMAT, "truncated: no block of zeros",
		     import(s, &base, "raw.tar", &s->err));
	assert_untouched(s);
}

static void folders(void **state)
{
	struct scratch *s = *state;
	struct rq_tree_base base;

	free(shell(s, "mkdir -p d/sub; echo a > d/a; mkfifo d/sub/fifo"));
	assert_fails(s, RQ_EUNSAFE, "d: sub/fifo: neither file",
		     import(s, &base, "d", &s->err));
	free(shell(s, "rm d/sub/fifo; mkdir -p d/sub/.git; echo b > d/sub/.git/config"));
	assert_fails(s, RQ_EUNSAFE, "'sub/.git'", import(s, &base, "d", &s->err));
	assert_untouched(s);
	free(shell(s, "rm -r d/sub; git init -q d; ln -s /etc d/link"));
	assert_ok(s, import(s, &base, "d", &s->err));
	assert_shell(s, "a\nlink", "git -C repo.git ls-tree -r --name-only base");
	rq_tree_base_release(&base);
	assert_fails(s, RQ_ENOTFOUND, "none: no such", import(s, &base, "none", &s->err));
}

static void repositories(void **state)
{
	struct scratch *s = *state;
	struct rq_tree_base base, again;
	char *url, *tree;

	free(shell(s, "%s", odd_files));
	free(shell(s,
		   "cd src/linux-6.1.9; git init -q -b topic; git add -A -f; "
		   "GIT_COMMITTER_DATE='1700000999 +0000' git commit -qm one; "
		   "git tag -am v1 v1; echo two > two; git add two; git commit -qm two; "
		   "git clone -q --bare . ../bare.git"));
	tree = shell(s, "git -C src/linux-6.1.9 rev-parse v1^{tree}");
	assert_imports(s, "src/linux-6.1.9#v1", tree);
	assert_shell(s, "1 1700000999", "git -C repo.git log --format='1 %%ct' base");
	assert_ok(s, import(s, &base, "src/bare.git#v1", &s->err));
	url = rq_xasprintf("file://%s/src/bare.git#v1", s->dir);
	assert_ok(s, import(s, &again, url, &s->err));
	assert_true(rq_oid_eq(&base.commit, &again.commit));
	assert_int_equal(again.objects, 0);
	rq_tree_base_release(&base);
	rq_tree_base_release(&again);
	/* HEAD, and nothing of the fetch stays. */
	free(tree);
	tree = shell(s, "git -C src/linux-6.1.9 rev-parse topic^{tree}");
	url[strlen(url) - 3] = '\0';
	assert_imports(s, url, tree);
	assert_imports(s, "src/bare.git", tree);
	assert_shell(s, "info\npack", "ls repo.git/objects; test ! -e repo.git/shallow");
	assert_shell(s, "",
		     "git -C repo.git fsck --strict --full --no-dangling 2>/dev/null");
	assert_fails(s, RQ_ENOTFOUND, "bare.git#none: none",
		     import(s, &base, "src/bare.git#none", &s->err));
	free(url);
	url = rq_xasprintf("file://%s/src/bare.git#none", s->dir);
	assert_fails(s, RQ_ETOOL, "#none: git fetch", import(s, &base, url, &s->err));
	assert_fails(s, RQ_EUSAGE, "plain ref name",
		     import(s, &base, "file:///x#a:b", &s->err));
	assert_shell(s, "info\npack", "ls repo.git/objects");
	free(url);
	free(tree);
}

static void count_calls(const struct rq_tree_progress *progress, void *ctx)
{
	struct rq_tree_progress *last = ctx;

	assert_true(progress->files == last->files + 1 && progress->done >= last->done);
	*last = *progress;
}

static void progress_is_told(void **state)
{
	struct scratch *s = *state;
	struct rq_tree_progress last = { 0 };
	struct rq_tree_base base;
	char *path = rq_xasprintf("%s/t.tar", s->dir);
	struct rq_tree_import what = { .repo = s->repo,
				       .ref = REF,
				       .source = path,
				       .threads = 1,
				       .progress = count_calls,
				       .ctx = &last };

	free(shell(s, "%s", odd_files));
	free(shell(s, "tar -cf t.tar -C src linux-6.1.9"));
	assert_ok(s, rq_tree_import(&base, &what, &s->err));
	assert_int_equal(last.files, base.files);
	assert_in_range(last.bytes, 3000000, last.total);
	assert_in_range(last.done, 1, last.total);
	rq_tree_base_release(&base);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define SCRATCH(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)
		SCRATCH(tarballs_give_the_tree_of_git),
		SCRATCH(one_commit_the_same_everywhere),
		SCRATCH(a_later_release_adds_what_is_new),
		SCRATCH(refused_by_name),
		SCRATCH(a_leading_folder_is_taken_off),
		SCRATCH(damaged_archives),
		SCRATCH(no_end_mark),
		SCRATCH(folders),
		SCRATCH(repositories),
		SCRATCH(progress_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
