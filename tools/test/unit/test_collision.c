// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes that were made to have the SHA-1 of others.  Real ones that collide as a git object cost a
 * fortune, so libgit2's hash is wrapped (--wrap): it finds an attack in all that says COLLIDES.
 */
#include "scratch.h"

#include "git/git_internal.h"
#include "git/pack_internal.h"

static const char bad[] = "what COLLIDES is nobody's";

int __real_git_odb_hash(git_oid *out, const void *data, size_t len, git_object_t type);

int __wrap_git_odb_hash(git_oid *out, const void *data, size_t len, git_object_t type)
{
	if (!memmem(data, len, "COLLIDES", 8))
		return __real_git_odb_hash(out, data, len, type);
	git_error_set_str(GIT_ERROR_SHA, "SHA1 collision attack detected");
	return -1;
}

static void is_not_stored(void **state)
{
	struct scratch *s = *state;

	for (int threads = 0; threads < 3; threads++) {
		struct rq_str bytes = { 0 };
		struct rq_pack *pack = NULL;
		struct rq_oid oid;

		assert_ok(s, rq_pack_new(&pack, s->repo, 1, &s->err));
		if (threads)
			assert_ok(s, rq_pack_threads(pack, threads, &s->err));
		assert_ok(s, rq_pack_add(pack, RQ_OBJ_BLOB, "good", 4, &oid, &s->err));
		assert_int_equal(
			rq_pack_add(pack, RQ_OBJ_BLOB, bad, strlen(bad), &oid, &s->err),
			RQ_EGIT);
		rq_str_adds(&bytes, bad);
		if (rq_pack_queue(pack, RQ_OBJ_BLOB, &bytes, &oid, &s->err) == 0)
			assert_int_equal(rq_pack_drain(pack, &s->err), RQ_EGIT);
		assert_non_null(strstr(s->err.msg, "SHA1 collision attack detected"));
		/* Threads fail for good; without them what was refused is not there. */
		assert_int_equal(rq_pack_commit(pack, &s->err), threads ? RQ_EGIT : 0);
		rq_pack_free(pack);
	}
	assert_int_equal(count_packed(s, "pack-"), 2);
	assert_shell(s, "good",
		     "git -C repo.git cat-file --batch-all-objects --batch | "
		     "sed 1d");
}

static void no_commit_nor_folder_is_stored(void **state)
{
	struct scratch *s = *state;
	struct rq_treeedit *edit = NULL;
	struct rq_pack *pack = NULL;
	struct rq_oid oid, none = { 0 };

	assert_ok(s, rq_pack_new(&pack, s->repo, 1, &s->err));
	assert_int_equal(
		rq_pack_add(pack, RQ_OBJ_COMMIT, bad, strlen(bad), &oid, &s->err),
		RQ_EGIT);
	assert_ok(s, rq_treeedit_new(&edit, s->repo, &none, &s->err));
	rq_oid_of(&oid, RQ_OBJ_BLOB, "good", 4);
	assert_ok(s, rq_treeedit_set(edit, "COLLIDES", RQ_MODE_FILE, &oid, &s->err));
	assert_int_equal(rq_treeedit_write(edit, pack, &oid, &s->err), RQ_EGIT);
	rq_treeedit_free(edit);
	assert_ok(s, rq_pack_commit(pack, &s->err));
	rq_pack_free(pack);
	assert_int_equal(count_packed(s, ""), 0);
}

static void is_found_where_ids_are_shared(void **state)
{
	struct rq_oid one, again;
	struct rq_err err;

	(void)state;
	rq_oid_share();
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			rq_oid_of_object(&one, RQ_OBJ_BLOB, rq_slice_of(bad), &err),
			RQ_EGIT);
	for (int i = 0; i < 20000; i++) {
		char text[16];
		size_t n = (size_t)snprintf(text, sizeof(text), "%d", i % 10000);

		rq_oid_of(&one, RQ_OBJ_BLOB, text, n);
		rq_oid_of(&again, RQ_OBJ_TREE, text, n);
		assert_true(
			rq_oid_is_of(&one, RQ_OBJ_BLOB, (struct rq_slice){ text, n }));
		assert_false(rq_oid_eq(&one, &again));
	}
	assert_int_equal(rq_oid_of_object(&one, RQ_OBJ_BLOB, rq_slice_of(bad), &err),
			 RQ_EGIT);
}

static void has_an_id_of_its_own(void **state)
{
	struct rq_oid one, again, other;

	(void)state;
	memset(&one, 1, sizeof(one));
	memset(&again, 2, sizeof(again));
	rq_oid_of(&one, RQ_OBJ_BLOB, bad, strlen(bad));
	rq_oid_of(&again, RQ_OBJ_BLOB, bad, strlen(bad));
	rq_oid_of(&other, RQ_OBJ_BLOB, bad, strlen(bad) - 1);
	assert_true(rq_oid_eq(&one, &again));
	assert_false(rq_oid_eq(&one, &other));
	assert_false(rq_oid_is_of(&one, RQ_OBJ_BLOB, rq_slice_of(bad)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_not_stored, scratch_setup,
						scratch_teardown),
		cmocka_unit_test_setup_teardown(no_commit_nor_folder_is_stored,
						scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(is_found_where_ids_are_shared,
						scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(has_an_id_of_its_own, scratch_setup,
						scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
