// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is read of a repository, and every error of it told: objects that are missing or damaged,
 * refs that move or are locked, packs that cannot be written, and callbacks that stop.
 */
#include "scratch.h"

#define MISSING "1111111111111111111111111111111111111111"

static struct rq_oid oid_of(const char *hex)
{
	struct rq_oid oid;
	struct rq_err err;

	assert_int_equal(rq_oid_parse(&oid, hex, &err), 0);
	return oid;
}

static struct rq_oid shell_oid(struct scratch *s, const char *line)
{
	char *hex = shell(s, "export GIT_DIR=repo.git GIT_WORK_TREE=w; %s", line);
	struct rq_oid oid = oid_of(hex);

	free(hex);
	return oid;
}

/* Three commits: one file, then a folder and a program, then a merge of it. */
static void fill(struct scratch *s)
{
	free(shell(
		s,
		"export GIT_DIR=repo.git GIT_WORK_TREE=w GIT_AUTHOR_DATE='1000000000 "
		"+0130' "
		"GIT_COMMITTER_DATE='1000000060 +0000'; git --git-dir=repo.git "
		"symbolic-ref HEAD refs/heads/main && mkdir -p w/d && cd w && "
		"export GIT_DIR=../repo.git GIT_WORK_TREE=. && "
		"printf 'a\\n' >a && git add -A && git commit -qm one && git tag one && "
		"printf 'b\\n' >d/b && chmod 755 d/b && ln -s a l && printf 'A\\n' >a && "
		"git add -A && git commit -qm 'two\n\nwords' && "
		"git tag -a -m x two && git update-ref refs/heads/side one && "
		"git update-ref refs/heads/merged $(git commit-tree -p two^0 -p one -m "
		"merge two^{tree}) && "
		"git update-ref refs/heads/main two^0"));
}

static int name_ref(const char *ref, const struct rq_oid *oid, void *ctx)
{
	(void)oid;
	rq_str_addf(ctx, "%s\n", ref);
	return 0;
}

static int stop_at_ref(const char *ref, const struct rq_oid *oid, void *ctx)
{
	name_ref(ref, oid, ctx);
	return 7;
}

static void names_are_resolved(void **state)
{
	struct scratch *s = *state;
	struct rq_oid commit, tree, want, zero = { 0 };
	struct rq_str names = { 0 };
	int64_t when = 0;

	fill(s);
	want = shell_oid(s, "git rev-parse two^0");
	assert_ok(s, rq_repo_resolve(s->repo, "two", &commit, &tree, &s->err));
	assert_true(rq_oid_eq(&commit, &want));
	want = shell_oid(s, "git rev-parse two^{tree}");
	assert_true(rq_oid_eq(&tree, &want));
	assert_ok(s, rq_repo_resolve(s->repo, "two^{tree}", &commit, &tree, &s->err));
	assert_true(rq_oid_is_zero(&commit));
	assert_true(rq_oid_eq(&tree, &want));
	assert_fails(s, RQ_ENOTFOUND, "nothing: no such commit or tree",
		     rq_repo_resolve(s->repo, "nothing", &commit, &tree, &s->err));
	assert_int_not_equal(rq_repo_resolve(s->repo, "two:a", &commit, &tree, &s->err),
			     0);
	assert_ok(s, rq_repo_resolve(s->repo, "one", &commit, &tree, &s->err));
	assert_ok(s, rq_commit_info(s->repo, &commit, &when, &tree, &s->err));
	assert_int_equal(when, 1000000060);
	want = oid_of(MISSING);
	assert_int_not_equal(rq_commit_info(s->repo, &want, &when, &tree, &s->err), 0);
	assert_ok(s, rq_ref_each(s->repo, name_ref, &names, &s->err));
	assert_string_equal(names.s,
			    "refs/heads/main\nrefs/heads/merged\nrefs/heads/side\n");
	names.len = 0;
	assert_int_equal(rq_ref_each(s->repo, stop_at_ref, &names, &s->err), 7);
	assert_string_equal(names.s, "refs/heads/main\n");
	assert_fails(s, RQ_ENOTFOUND, "refs/heads/none",
		     rq_ref_read(s->repo, "refs/heads/none", &want, &s->err));
	assert_ok(s, rq_ref_read(s->repo, "refs/heads/side", &want, &s->err));
	assert_true(rq_oid_eq(&want, &commit));
	/* moves: from what is not there, from another, to what is not there, and twice */
	assert_fails(
		s, RQ_EBUSY, "refs/heads/side",
		rq_ref_move(s->repo, "refs/heads/side", &zero, &commit, "why", &s->err));
	assert_ok(s,
		  rq_ref_move(s->repo, "refs/heads/new", &zero, &commit, "why", &s->err));
	want = shell_oid(s, "git rev-parse two^0");
	assert_fails(
		s, RQ_EBUSY, "refs/heads/new",
		rq_ref_move(s->repo, "refs/heads/new", &want, &commit, "why", &s->err));
	assert_ok(s,
		  rq_ref_move(s->repo, "refs/heads/new", &commit, &want, "why", &s->err));
	assert_shell(s, "same",
		     "test $(git -C repo.git rev-parse new) = $(git -C repo.git "
		     "rev-parse two^0) && echo same");
	want = oid_of(MISSING);
	assert_int_not_equal(
		rq_ref_move(s->repo, "refs/heads/none", &zero, &want, "why", &s->err), 0);
	assert_true(rq_ref_valid("refs/heads/a-b"));
	assert_false(rq_ref_valid("refs/heads/a..b"));
	assert_false(rq_ref_valid("HEAD:x"));
	rq_str_release(&names);
}

struct seen {
	struct rq_str text;
	int stop; /* at this call, from 1 */
};

static int see_blob(const char *path, enum rq_mode mode, const struct rq_oid *oid,
		    void *ctx)
{
	struct seen *seen = ctx;

	(void)oid;
	rq_str_addf(&seen->text, "%o %s\n", mode, path);
	return seen->stop && !--seen->stop ? 9 : 0;
}

static int see_change(const struct rq_tree_change *c, void *ctx, struct rq_err *err)
{
	struct seen *seen = ctx;

	(void)err;
	rq_str_addf(&seen->text, "%o %o %s %d%d\n", c->old_mode, c->new_mode, c->path,
		    rq_oid_is_zero(&c->old_oid), rq_oid_is_zero(&c->new_oid));
	return seen->stop && !--seen->stop ? 9 : 0;
}

static void trees_are_walked(void **state)
{
	struct scratch *s = *state;
	struct rq_oid one, two, oid, zero = { 0 }, missing = oid_of(MISSING);
	struct seen seen = { 0 };
	enum rq_mode mode;

	fill(s);
	one = shell_oid(s, "git rev-parse one^{tree}");
	two = shell_oid(s, "git rev-parse two^{tree}");
	assert_ok(s, rq_tree_each(s->repo, &two, see_blob, &seen, &s->err));
	assert_string_equal(seen.text.s, "100644 a\n100755 d/b\n120000 l\n");
	seen.text.len = 0;
	seen.stop = 2;
	assert_int_equal(rq_tree_each(s->repo, &two, see_blob, &seen, &s->err), 9);
	assert_string_equal(seen.text.s, "100644 a\n100755 d/b\n");
	assert_int_not_equal(rq_tree_each(s->repo, &missing, see_blob, &seen, &s->err),
			     0);
	seen.text.len = 0;
	assert_ok(s, rq_tree_diff(s->repo, &one, &two, see_change, &seen, &s->err));
	assert_string_equal(seen.text.s,
			    "100644 100644 a 00\n0 100755 d/b 10\n0 120000 l 10\n");
	seen.text.len = 0;
	assert_ok(s, rq_tree_diff(s->repo, &two, &zero, see_change, &seen, &s->err));
	assert_string_equal(seen.text.s,
			    "100644 0 a 01\n100755 0 d/b 01\n120000 0 l 01\n");
	seen.text.len = 0;
	seen.stop = 1;
	assert_int_equal(rq_tree_diff(s->repo, &zero, &two, see_change, &seen, &s->err),
			 9);
	assert_string_equal(seen.text.s, "0 100644 a 10\n");
	seen.stop = 0;
	assert_int_not_equal(
		rq_tree_diff(s->repo, &missing, &two, see_change, &seen, &s->err), 0);
	assert_int_not_equal(
		rq_tree_diff(s->repo, &one, &missing, see_change, &seen, &s->err), 0);
	assert_ok(s, rq_tree_lookup(s->repo, &two, "d/b", &oid, &mode, &s->err));
	assert_int_equal(mode, RQ_MODE_EXEC);
	assert_ok(s, rq_tree_lookup(s->repo, &two, "d", &oid, &mode, &s->err));
	assert_int_equal(mode, RQ_MODE_TREE);
	assert_ok(s, rq_tree_lookup(s->repo, &two, "d/none", &oid, &mode, &s->err));
	assert_int_equal(mode, RQ_MODE_NONE);
	assert_ok(s, rq_tree_lookup(s->repo, &two, "a/b", &oid, &mode, &s->err));
	assert_int_equal(mode, RQ_MODE_NONE);
	assert_int_not_equal(rq_tree_lookup(s->repo, &missing, "a", &oid, &mode, &s->err),
			     0);
	rq_str_release(&seen.text);
}

static void objects_are_read(void **state)
{
	struct scratch *s = *state;
	struct rq_oid a, missing = oid_of(MISSING), tree;
	struct rq_str out = { 0 };
	uint64_t size = 0;

	fill(s);
	a = shell_oid(s, "git rev-parse two:a");
	tree = shell_oid(s, "git rev-parse two^{tree}");
	assert_true(rq_obj_exists(s->repo, &a));
	assert_false(rq_obj_exists(s->repo, &missing));
	assert_ok(s, rq_obj_size(s->repo, &a, &size, &s->err));
	assert_int_equal(size, 2);
	assert_int_not_equal(rq_obj_size(s->repo, &missing, &size, &s->err), 0);
	assert_ok(s, rq_blob_read(s->repo, &a, &out, &s->err));
	assert_string_equal(out.s, "A\n");
	rq_str_release(&out);
	rq_str_adds(&out, "x");
	assert_ok(s, rq_blob_read(s->repo, &a, &out, &s->err));
	assert_string_equal(out.s, "xA\n");
	assert_int_not_equal(rq_blob_read(s->repo, &missing, &out, &s->err), 0);
	assert_int_not_equal(rq_blob_read(s->repo, &tree, &out, &s->err), 0);
	/* cut short on the disk */
	free(shell(s, "f=$(printf '%%s' $(git -C repo.git rev-parse two:a) | sed "
		      "'s,^..,&/,'); chmod u+w repo.git/objects/$f; "
		      "printf x >repo.git/objects/$f"));
	rq_repo_close(s->repo);
	assert_ok(s, rq_repo_open(&s->repo, s->repo_path, &s->err));
	assert_int_not_equal(rq_blob_read(s->repo, &a, &out, &s->err), 0);
	rq_str_release(&out);
}

static int see_commit(const struct rq_log_commit *c, void *ctx)
{
	struct seen *seen = ctx;

	rq_str_addf(&seen->text, "%s <%s> %ld %d %s|%s", c->author_name, c->author_email,
		    (long)c->author_time, c->author_offset, c->message,
		    c->diff.n ? "diff\n" : "\n");
	return seen->stop && !--seen->stop ? 9 : 0;
}

static void history_is_read(void **state)
{
	struct scratch *s = *state;
	struct rq_oid one, two, merged, zero = { 0 }, missing = oid_of(MISSING);
	struct seen seen = { 0 };

	fill(s);
	one = shell_oid(s, "git rev-parse one");
	two = shell_oid(s, "git rev-parse two^0");
	merged = shell_oid(s, "git rev-parse merged");
	assert_ok(s, rq_log_each(s->repo, &one, &merged, see_commit, &seen, &s->err));
	assert_string_equal(seen.text.s,
			    "A <a@example.org> 1000000000 90 two\n\nwords\n|diff\n");
	assert_fails(s, RQ_EGIT, "history",
		     rq_log_each(s->repo, &zero, &two, see_commit, &seen, &s->err));
	seen.text.len = 0;
	assert_ok(s, rq_log_each(s->repo, &one, &two, see_commit, &seen, &s->err));
	assert_string_equal(seen.text.s,
			    "A <a@example.org> 1000000000 90 two\n\nwords\n|diff\n");
	seen.text.len = 0;
	seen.stop = 1;
	assert_int_equal(rq_log_each(s->repo, &one, &two, see_commit, &seen, &s->err), 9);
	assert_int_equal(rq_log_each(s->repo, &two, &two, see_commit, &seen, &s->err), 0);
	assert_int_not_equal(
		rq_log_each(s->repo, &one, &missing, see_commit, &seen, &s->err), 0);
	assert_int_not_equal(
		rq_log_each(s->repo, &missing, &two, see_commit, &seen, &s->err), 0);
	seen.text.len = 0;
	assert_ok(s, rq_log_one(s->repo, &one, see_commit, &seen, &s->err));
	assert_string_equal(seen.text.s, "A <a@example.org> 1000000000 90 one\n|diff\n");
	seen.stop = 1;
	assert_int_equal(rq_log_one(s->repo, &one, see_commit, &seen, &s->err), 9);
	assert_int_equal(rq_log_one(s->repo, &merged, see_commit, &seen, &s->err),
			 RQ_EFORMAT);
	assert_int_not_equal(rq_log_one(s->repo, &missing, see_commit, &seen, &s->err),
			     0);
	rq_str_release(&seen.text);
}

static void what_cannot_be_opened_is_told(void **state)
{
	struct scratch *s = *state;
	char *path = rq_xasprintf("%s/none", s->dir);
	struct rq_repo *repo = NULL;

	assert_fails(s, RQ_ENOTFOUND, "none", rq_repo_open(&repo, path, &s->err));
	assert_ok(s, rq_repo_open_or_init(&repo, path, &s->err));
	rq_repo_close(repo);
	assert_ok(s, rq_repo_open(&repo, path, &s->err));
	assert_ok(s, rq_repo_refresh(repo, &s->err));
	assert_string_equal(rq_repo_path(repo) + strlen(rq_repo_path(repo)) - 5, "none/");
	rq_repo_close(repo);
	free(shell(s, "rm -r none && touch none"));
	assert_int_not_equal(rq_repo_open(&repo, path, &s->err), 0);
	assert_int_not_equal(rq_repo_open_or_init(&repo, path, &s->err), 0);
	assert_int_not_equal(rq_repo_init(&repo, path, &s->err), 0);
	free(path);
}

/* A file in the place of the folder; the folder is gone at the end; the object store is. */
static void packs_that_cannot_be_written_are_told(void **state)
{
	struct scratch *s = *state;
	struct rq_pack *pack = NULL;
	struct rq_oid oid;

	assert_ok(s, rq_pack_new(&pack, s->repo, 1, &s->err));
	assert_ok(s, rq_pack_add(pack, RQ_OBJ_BLOB, "x", 1, &oid, &s->err));
	assert_ok(s, rq_pack_drain(pack, &s->err));
	free(shell(s, "rm -rf repo.git/objects/pack && touch repo.git/objects/pack"));
	assert_int_not_equal(rq_pack_commit(pack, &s->err), 0);
	rq_pack_free(pack);
	free(shell(s, "rm repo.git/objects/pack && mkdir repo.git/objects/pack"));
	assert_ok(s, rq_pack_new(&pack, s->repo, 1, &s->err));
	assert_ok(s, rq_pack_add(pack, RQ_OBJ_BLOB, "x", 1, &oid, &s->err));
	assert_ok(s, rq_pack_commit(pack, &s->err));
	rq_pack_free(pack);
	assert_int_equal(count_packed(s, "tmp_"), 0);
}

static void trees_that_cannot_be_read_are_told(void **state)
{
	struct scratch *s = *state;
	struct rq_oid missing = oid_of(MISSING), tree, out;
	struct rq_treeedit *edit = NULL;

	assert_int_not_equal(
		rq_treeedit_new(&edit, s->repo, &missing, &s->err) ||
			rq_treeedit_set(edit, "a/b", RQ_MODE_FILE, &missing, &s->err),
		0);
	rq_treeedit_free(edit);
	fill(s);
	tree = shell_oid(s, "printf '040000 tree " MISSING "\\td\\n100644 blob " MISSING
			    "\\ta\\n' | git mktree --missing");
	edit = NULL;
	assert_ok(s, rq_treeedit_new(&edit, s->repo, &tree, &s->err));
	assert_int_not_equal(
		rq_treeedit_set(edit, "d/b", RQ_MODE_FILE, &missing, &s->err), 0);
	assert_int_not_equal(rq_treeedit_remove(edit, "d/b", &s->err), 0);
	assert_fails(s, RQ_ENOTFOUND, "none", rq_treeedit_remove(edit, "none", &s->err));
	assert_fails(s, RQ_EFORMAT, "a",
		     rq_treeedit_set(edit, "a/b", RQ_MODE_FILE, &missing, &s->err));
	assert_ok(s, rq_treeedit_set(edit, "b", RQ_MODE_FILE, &missing, &s->err));
	assert_ok(s, rq_treeedit_write(edit, NULL, &out, &s->err));
	assert_false(rq_oid_eq(&out, &tree));
	rq_treeedit_free(edit);
}

static int see_key(const char *name, const char *value, void *ctx, struct rq_err *err)
{
	struct seen *seen = ctx;

	rq_str_addf(&seen->text, "%s=%s\n", name, value);
	return seen->stop && !--seen->stop ? rq_err_set(err, RQ_EQUEUE, "stop") : 0;
}

static void configuration_is_read(void **state)
{
	struct scratch *s = *state;
	char *path = rq_xasprintf("%s/conf", s->dir);
	static const char text[] = "[A]\n\tKey = one\n[b \"Sub\"]\n\tx = two # "
				   "words\n\tx = \"# three\"\n\tflag\n";
	struct seen seen = { 0 };

	write_file(s, "conf", text, strlen(text));
	assert_ok(s, rq_config_each(path, see_key, &seen, &s->err));
	assert_string_equal(seen.text.s,
			    "a.key=one\nb.Sub.x=two\nb.Sub.x=# three\nb.Sub.flag=true\n");
	seen.stop = 2;
	seen.text.len = 0;
	assert_fails(s, RQ_EQUEUE, "stop", rq_config_each(path, see_key, &seen, &s->err));
	assert_string_equal(seen.text.s, "a.key=one\nb.Sub.x=two\n");
	write_file(s, "conf", "[a\n", 3);
	assert_int_equal(rq_config_each(path, see_key, &seen, &s->err), RQ_EFORMAT);
	free(shell(s, "rm conf"));
	assert_int_equal(rq_config_each(path, see_key, &seen, &s->err), RQ_ENOTFOUND);
	rq_str_release(&seen.text);
	free(path);
}

int main(void)
{
#define SCRATCH(test) \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		SCRATCH(names_are_resolved),
		SCRATCH(trees_are_walked),
		SCRATCH(objects_are_read),
		SCRATCH(history_is_read),
		SCRATCH(what_cannot_be_opened_is_told),
		SCRATCH(packs_that_cannot_be_written_are_told),
		SCRATCH(trees_that_cannot_be_read_are_told),
		SCRATCH(configuration_is_read),
	};

	return cmocka_run_group_tests_name("git", tests, NULL, NULL);
}
