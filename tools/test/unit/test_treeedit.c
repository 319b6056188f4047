// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree editor against git: the same files must give the same tree id, whatever the order
 * of edits, and only changed folders may be written.
 */
#include "scratch.h"

static struct rq_oid blob; /* "x", stored by setup */

static int setup(void **state)
{
	struct rq_pack *pack = NULL;
	struct scratch *s;

	scratch_setup(state);
	s = *state;
	assert_ok(s, rq_pack_new(&pack, s->repo, 1, &s->err));
	assert_ok(s, rq_pack_add(pack, RQ_OBJ_BLOB, "x", 1, &blob, &s->err));
	assert_ok(s, rq_pack_commit(pack, &s->err));
	rq_pack_free(pack);
	return 0;
}

static struct rq_treeedit *start(struct scratch *s, const struct rq_oid *base)
{
	static const struct rq_oid nothing;
	struct rq_treeedit *edit = NULL;

	assert_ok(s, rq_treeedit_new(&edit, s->repo, base ? base : &nothing, &s->err));
	return edit;
}

/* Stores the tree; how many objects that took goes to *n (or NULL). */
static struct rq_oid store(struct scratch *s, struct rq_treeedit *edit, size_t *n)
{
	struct rq_pack *pack = NULL;
	struct rq_oid before, after;

	assert_ok(s, rq_treeedit_write(edit, NULL, &before, &s->err));
	assert_ok(s, rq_pack_new(&pack, s->repo, 1, &s->err));
	assert_ok(s, rq_treeedit_write(edit, pack, &after, &s->err));
	assert_true(rq_oid_eq(&before, &after));
	if (n)
		*n = rq_pack_count(pack);
	assert_ok(s, rq_pack_commit(pack, &s->err));
	rq_pack_free(pack);
	return after;
}

static void set(struct scratch *s, struct rq_treeedit *edit, const char *path,
		enum rq_mode mode)
{
	assert_ok(s, rq_treeedit_set(edit, path, mode, &blob, &s->err));
}

/* "mode id\tpath" lines to the tree that git makes of them. */
static void assert_git_tree(struct scratch *s, const struct rq_oid *tree,
			    struct rq_slice lines)
{
	struct rq_str out = { 0 };
	char hex[RQ_OID_HEX + 1];

	free(shell(s, "rm -f index"));
	run_program(s,
		    (const char *[]){ "env", "GIT_INDEX_FILE=index", "git",
				      "--git-dir=repo.git", "update-index",
				      "--index-info", NULL },
		    lines, NULL);
	run_program(s,
		    (const char *[]){ "env", "GIT_INDEX_FILE=index", "git",
				      "--git-dir=repo.git", "write-tree", NULL },
		    RQ_SLICE(""), &out);
	assert_int_equal(out.len, RQ_OID_HEX + 1);
	out.s[RQ_OID_HEX] = '\0';
	assert_string_equal(rq_oid_hex(hex, tree), out.s);
	rq_str_release(&out);
}

static void add_line(struct rq_str *lines, const char *path, enum rq_mode mode)
{
	char hex[RQ_OID_HEX + 1];

	rq_str_addf(lines, "%o %s\t%s\n", mode, rq_oid_hex(hex, &blob), path);
}

/* '-' and '.' sort before '/', '0' behind it: where a folder goes depends on its slash. */
static void sort_order(void **state)
{
	static const struct {
		const char *path;
		enum rq_mode mode;
	} files[] = {
		{ "a0", RQ_MODE_FILE },		{ "a/z", RQ_MODE_FILE },
		{ "a.c", RQ_MODE_EXEC },	{ "a-b/c", RQ_MODE_FILE },
		{ "a.d/e", RQ_MODE_LINK },	{ "ab", RQ_MODE_FILE },
		{ "a/b/c/d", RQ_MODE_EXEC },	{ "a/b.c", RQ_MODE_FILE },
		{ "a/b-", RQ_MODE_FILE },	{ "A", RQ_MODE_LINK },
		{ "a/b0", RQ_MODE_FILE },	{ "a+", RQ_MODE_GITLINK },
		{ "with space", RQ_MODE_FILE }, { "a/\xc3\xbc", RQ_MODE_FILE },
	};
	struct scratch *s = *state;

	for (size_t first = 0; first < ARRAY_SIZE(files); first++) {
		struct rq_treeedit *edit = start(s, NULL);
		struct rq_str lines = { 0 };
		struct rq_oid tree;

		for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
			size_t at = (first + i * 3) % ARRAY_SIZE(files);

			set(s, edit, files[at].path, files[at].mode);
			add_line(&lines, files[at].path, files[at].mode);
		}
		tree = store(s, edit, NULL);
		assert_git_tree(s, &tree, rq_str_slice(&lines));
		rq_str_release(&lines);
		rq_treeedit_free(edit);
	}
	assert_shell(s, "", "git -C repo.git fsck --full --no-dangling 2>/dev/null");
}

/* Random edits of a small name space, so that files, folders and removals meet. */
static void random_edits(void **state)
{
	static const char *const paths[] = { "a",	"a.c",	 "a-b",	    "b/a",
					     "b/a.c",	"b/c/d", "b/c.d/e", "b/c-/f",
					     "d/e/f",	"d/e/g", "d/h",	    "e/f/g/h",
					     "e/f/g/i", "e/j",	 "k" };
	bool there[ARRAY_SIZE(paths)] = { false };
	struct scratch *s = *state;
	struct rq_treeedit *edit = start(s, NULL);
	uint32_t seed = 1;

	for (int step = 1; step <= 600; step++) {
		size_t at = (seed = seed * 1664525 + 1013904223) >> 8;

		at %= ARRAY_SIZE(paths);
		if (there[at] && step % 3 == 0) {
			assert_ok(s, rq_treeedit_remove(edit, paths[at], &s->err));
			there[at] = false;
		} else {
			set(s, edit, paths[at], step % 2 ? RQ_MODE_FILE : RQ_MODE_EXEC);
			set(s, edit, paths[at], RQ_MODE_FILE);
			there[at] = true;
		}
		if (step % 60 == 0) {
			struct rq_str lines = { 0 };
			struct rq_oid tree = store(s, edit, NULL);

			for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
				if (there[i])
					add_line(&lines, paths[i], RQ_MODE_FILE);
			assert_git_tree(s, &tree, rq_str_slice(&lines));
			rq_str_release(&lines);
			rq_treeedit_free(edit);
			edit = start(s, &tree);
		}
	}
	rq_treeedit_free(edit);
}

static void only_changed_folders_are_written(void **state)
{
	struct scratch *s = *state;
	struct rq_treeedit *edit = start(s, NULL);
	struct rq_oid first, second;
	char path[32];
	size_t n;

	for (int i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "d%02d/e%d/f%d", i % 10, i % 7, i);
		set(s, edit, path, RQ_MODE_FILE);
	}
	first = store(s, edit, NULL);
	rq_treeedit_free(edit);
	edit = start(s, &first);
	set(s, edit, "d03/e3/new", RQ_MODE_FILE);
	second = store(s, edit, &n);
	assert_int_equal(n, 3);
	second = store(s, edit, &n);
	assert_int_equal(n, 0);
	assert_ok(s, rq_treeedit_remove(edit, "d03/e3/new", &s->err));
	second = store(s, edit, &n);
	assert_int_equal(n, 0);
	assert_true(rq_oid_eq(&first, &second));
	rq_treeedit_free(edit);
}

static void empty_folders_vanish(void **state)
{
	struct scratch *s = *state;
	struct rq_treeedit *edit = start(s, NULL);
	struct rq_oid tree;
	char hex[RQ_OID_HEX + 1];

	set(s, edit, "a/b/c", RQ_MODE_FILE);
	assert_ok(s, rq_treeedit_remove(edit, "a/b/c", &s->err));
	tree = store(s, edit, NULL);
	assert_string_equal(rq_oid_hex(hex, &tree),
			    "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
	/* Its name is free again, for a file as well. */
	set(s, edit, "a", RQ_MODE_FILE);
	store(s, edit, NULL);
	rq_treeedit_free(edit);
}

static void refusals(void **state)
{
	struct scratch *s = *state;
	struct rq_treeedit *edit = start(s, NULL);
	struct rq_oid before, after;

	set(s, edit, "dir/file", RQ_MODE_FILE);
	before = store(s, edit, NULL);
	assert_fails(s, RQ_EFORMAT, "dir/file/x: the file 'file' is in the way",
		     rq_treeedit_set(edit, "dir/file/x", RQ_MODE_FILE, &blob, &s->err));
	assert_fails(s, RQ_EFORMAT, "dir: a folder is in the way",
		     rq_treeedit_set(edit, "dir", RQ_MODE_FILE, &blob, &s->err));
	assert_fails(s, RQ_ENOTFOUND, "dir/none: no such file",
		     rq_treeedit_remove(edit, "dir/none", &s->err));
	assert_fails(s, RQ_ENOTFOUND, "none/none: no such file",
		     rq_treeedit_remove(edit, "none/none", &s->err));
	assert_fails(s, RQ_ENOTFOUND, "dir: no such file",
		     rq_treeedit_remove(edit, "dir", &s->err));
	assert_fails(s, RQ_EUNSAFE, "dir/../x",
		     rq_treeedit_set(edit, "dir/../x", RQ_MODE_FILE, &blob, &s->err));
	assert_fails(s, RQ_EUNSAFE, "/x",
		     rq_treeedit_set(edit, "/x", RQ_MODE_FILE, &blob, &s->err));
	assert_fails(s, RQ_EUNSAFE, "dir//x",
		     rq_treeedit_set(edit, "dir//x", RQ_MODE_FILE, &blob, &s->err));
	after = store(s, edit, NULL);
	assert_true(rq_oid_eq(&before, &after));
	rq_treeedit_free(edit);
}

static void damaged_trees(void **state)
{
	static const char *const trees[] = {
		"100644 a",
		"100644 a\\000short",
		"x a\\00001234567890123456789",
		"100644 \\00001234567890123456789",
		"100644\\00001234567890123456789",
		"100644 b\\00001234567890123456789100644 a\\00001234567890123456789",
		"100644 a\\00001234567890123456789100644 a\\00001234567890123456789",
	};
	struct scratch *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(trees); i++) {
		char *hex = shell(s,
				  "printf '%s' | git -C repo.git hash-object -t tree -w "
				  "--literally --stdin",
				  trees[i]);
		struct rq_treeedit *edit = NULL;
		struct rq_oid oid;

		assert_ok(s, rq_oid_parse(&oid, hex, &s->err));
		assert_fails(s, RQ_EFORMAT, hex,
			     rq_treeedit_new(&edit, s->repo, &oid, &s->err));
		free(hex);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define SCRATCH(f) cmocka_unit_test_setup_teardown(f, setup, scratch_teardown)
		SCRATCH(sort_order),
		SCRATCH(random_edits),
		SCRATCH(only_changed_folders_are_written),
		SCRATCH(empty_folders_vanish),
		SCRATCH(refusals),
		SCRATCH(damaged_trees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
