// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packs: git must find them sound and whole, nothing may be stored twice, the bytes may not
 * depend on threads, and what is not committed leaves nothing behind.
 */
#include "scratch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "git/pack_internal.h"

static const size_t sizes[] = { 0,    1,    15,	   16,	  17,	   2047,
				2048, 4096, 65535, 65536, 1 << 20, 3000000 };

/* Bytes that do not deflate, the same for the same seed. */
static char *noise(size_t len, uint32_t seed)
{
	char *data = rq_xmalloc(len + 1);

	for (size_t i = 0; i < len; i++) {
		seed = seed * 1664525 + 1013904223;
		data[i] = (char)(seed >> 24);
	}
	return data;
}

static struct rq_pack *new_pack(struct scratch *s, int threads)
{
	struct rq_pack *pack = NULL;

	assert_ok(s, rq_pack_new(&pack, s->repo, 1, &s->err));
	if (threads)
		assert_ok(s, rq_pack_threads(pack, threads, &s->err));
	return pack;
}

static void objects_of_all_sizes(void **state)
{
	struct scratch *s = *state;
	struct rq_pack *pack = new_pack(s, 0);
	char hex[RQ_OID_HEX + 1];

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		char *data = noise(sizes[i], (uint32_t)i);
		struct rq_oid oid, want;

		assert_ok(s,
			  rq_pack_add(pack, RQ_OBJ_BLOB, data, sizes[i], &oid, &s->err));
		rq_oid_of(&want, RQ_OBJ_BLOB, data, sizes[i]);
		assert_true(rq_oid_eq(&oid, &want));
		write_file(s, rq_oid_hex(hex, &oid), data, sizes[i]);
		free(data);
	}
	assert_int_equal(rq_pack_count(pack), ARRAY_SIZE(sizes));
	assert_ok(s, rq_pack_commit(pack, &s->err));
	rq_pack_free(pack);
	assert_int_equal(count_packed(s, "pack-"), 2);
	assert_int_equal(count_packed(s, "tmp_"), 0);
	assert_shell(s, "",
		     "git -C repo.git fsck --strict --full --no-dangling 2>/dev/null");
	assert_shell(s, "444", "stat -c %%a repo.git/objects/pack/* | sort -u");
	assert_shell(s, "",
		     "for f in ????????????????????????????????????????; do "
		     "git -C repo.git cat-file blob $f | cmp - $f; done");
}

static void nothing_is_stored_twice(void **state)
{
	struct scratch *s = *state;
	struct rq_pack *pack = new_pack(s, 0);
	struct rq_oid oid;

	for (int i = 0; i < 3; i++)
		assert_ok(s, rq_pack_add(pack, RQ_OBJ_BLOB, "same", 4, &oid, &s->err));
	assert_int_equal(rq_pack_count(pack), 1);
	assert_ok(s, rq_pack_commit(pack, &s->err));
	rq_pack_free(pack);
	assert_true(rq_obj_exists(s->repo, &oid));
	for (int threads = 0; threads < 3; threads++) {
		pack = new_pack(s, threads);
		assert_ok(s, rq_pack_add(pack, RQ_OBJ_BLOB, "same", 4, &oid, &s->err));
		assert_ok(s, rq_pack_commit(pack, &s->err));
		assert_int_equal(rq_pack_count(pack), 0);
		rq_pack_free(pack);
	}
	assert_int_equal(count_packed(s, ""), 2);
}

static void no_objects_no_file(void **state)
{
	struct scratch *s = *state;
	struct rq_pack *pack = new_pack(s, 2);

	assert_ok(s, rq_pack_commit(pack, &s->err));
	rq_pack_free(pack);
	assert_int_equal(count_packed(s, ""), 0);
}

/* Many small objects, some of them twice and close together, with a large one in between. */
static void fill(struct scratch *s, struct rq_pack *pack, struct rq_oid *oids, int n)
{
	for (int i = 0; i < n; i++) {
		size_t len = i == n / 2 ? 5000000 : (size_t)(i % 700);
		struct rq_str bytes = { .s = noise(len, (uint32_t)(i % 5 ? i : i / 10)),
					.len = len,
					.cap = len };

		if (i % 3)
			assert_ok(s, rq_pack_queue(pack, RQ_OBJ_BLOB, &bytes, &oids[i],
						   &s->err));
		else
			assert_ok(s, rq_pack_add(pack, RQ_OBJ_BLOB, bytes.s, len,
						 &oids[i], &s->err));
		rq_str_release(&bytes);
	}
}

static void threads_make_the_same_pack(void **state)
{
	struct scratch *s = *state;
	enum { N = 3000 };
	struct rq_oid *oids = rq_xcalloc(N, sizeof(*oids)),
		      *again = rq_xcalloc(N, sizeof(*oids));
	char *names[3];

	for (int threads = 0; threads < 3; threads++) {
		struct rq_pack *pack = new_pack(s, 2 * threads);

		fill(s, pack, threads ? again : oids, N);
		assert_ok(s, rq_pack_commit(pack, &s->err));
		rq_pack_free(pack);
		if (threads)
			assert_memory_equal(oids, again, N * sizeof(*oids));
		assert_shell(s, "",
			     "git -C repo.git fsck --full --no-dangling 2>/dev/null");
		names[threads] =
			shell(s, "cd repo.git/objects/pack; ls; cat * | cksum; rm -f *");
		assert_ok(s, rq_repo_refresh(s->repo, &s->err));
	}
	assert_string_equal(names[0], names[1]);
	assert_string_equal(names[0], names[2]);
	for (int i = 0; i < 3; i++)
		free(names[i]);
	free(again);
	free(oids);
}

/* The next version of @text: some runs of it go, change, come from elsewhere or are new. */
static void edit(struct rq_str *text, uint32_t seed)
{
	struct rq_str out = { 0 };
	size_t at = 0;

	while (at < text->len) {
		size_t n = 1 + (seed = seed * 1664525 + 1013904223) % 3000;
		char *fresh = noise(40, seed);

		if (n > text->len - at)
			n = text->len - at;
		if (seed % 7 == 0)
			rq_str_add(&out, fresh, seed % 40);
		if (seed % 13)
			rq_str_add(&out, text->s + at, n);
		if (seed % 11 == 0)
			rq_str_add(&out, text->s, n / 2);
		free(fresh);
		at += n;
	}
	rq_str_release(text);
	*text = out;
}

static struct rq_str first_version(size_t len)
{
	char *data = noise(len, 7);
	struct rq_str text = { 0 };

	rq_str_add(&text, data, len);
	free(data);
	return text;
}

/* Stores @n versions of a text; their ids and bytes go to files of the scratch folder. */
static void store_versions(struct scratch *s, struct rq_pack *pack, size_t len, int n)
{
	struct rq_stored *last = NULL;
	struct rq_str text = first_version(len);
	char hex[RQ_OID_HEX + 1];
	struct rq_oid *oids = rq_xcalloc((size_t)n, sizeof(*oids)),
		      *wanted = rq_xcalloc((size_t)n, sizeof(*oids));

	for (int i = 0; i < n; i++) {
		struct rq_slice bytes = rq_str_slice(&text);
		struct rq_str copy = { 0 };

		rq_str_add_slice(&copy, bytes);
		rq_oid_of(&wanted[i], RQ_OBJ_BLOB, bytes.p, bytes.n);
		write_file(s, rq_oid_hex(hex, &wanted[i]), bytes.p, bytes.n);
		assert_ok(s, (i % 4 ? rq_pack_queue_version : rq_pack_add_version)(
				     pack, RQ_OBJ_BLOB, &copy, &last, &oids[i], &s->err));
		edit(&text, (uint32_t)(len + (size_t)i));
	}
	assert_ok(s, rq_pack_drain(pack, &s->err));
	for (int i = 0; i < n; i++)
		assert_true(rq_oid_eq(&oids[i], &wanted[i]));
	free(oids);
	free(wanted);
	rq_str_release(&text);
	rq_stored_drop(last);
}

static void versions_are_told_by_their_differences(void **state)
{
	static const size_t lengths[] = { 0, 1, 15, 16, 100, 5000, 70000, 300000 };
	struct scratch *s = *state;
	char *names[2];

	for (int threads = 0; threads < 2; threads++) {
		struct rq_pack *pack = new_pack(s, 3 * threads);

		for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
			store_versions(s, pack, lengths[i], i == 6 ? 130 : 20);
		assert_ok(s, rq_pack_commit(pack, &s->err));
		rq_pack_free(pack);
		assert_shell(s, "",
			     "git -C repo.git fsck --strict --full --no-dangling "
			     "2>/dev/null");
		assert_shell(s, "",
			     "for f in ????????????????????????????????????????; do "
			     "git -C repo.git cat-file blob $f | cmp - $f; done");
		assert_shell(
			s, "50",
			"cd repo.git; git verify-pack -v objects/pack/*.idx | "
			"sed -n 's/^chain length = \\([0-9]*\\):.*/\\1/p' | tail -n 1");
		names[threads] =
			shell(s, "cd repo.git/objects/pack; ls; cat * | cksum; rm -f *");
		assert_ok(s, rq_repo_refresh(s->repo, &s->err));
	}
	assert_string_equal(names[0], names[1]);
	for (int i = 0; i < 2; i++)
		free(names[i]);
}

/* A pack stands for itself: git takes no delta whose base is in another one. */
static void a_base_in_another_pack_is_none(void **state)
{
	struct scratch *s = *state;
	struct rq_stored *last = NULL;
	struct rq_str text = first_version(5000);
	struct rq_oid oid;

	for (int i = 0; i < 4; i++) {
		struct rq_pack *pack = new_pack(s, i & 1 ? 2 : 0);

		struct rq_str copy = { 0 };

		rq_str_add_slice(&copy, rq_str_slice(&text));
		assert_ok(s, rq_pack_add_version(pack, RQ_OBJ_BLOB, &copy, &last, &oid,
						 &s->err));
		edit(&text, (uint32_t)i);
		assert_ok(s, rq_pack_commit(pack, &s->err));
		rq_pack_free(pack);
	}
	assert_shell(s, "0",
		     "cd repo.git; git verify-pack -v objects/pack/*.idx | grep -c chain "
		     "|| true");
	rq_str_release(&text);
	rq_stored_drop(last);
}

static void without_a_commit_nothing_stays(void **state)
{
	struct scratch *s = *state;

	for (int threads = 0; threads < 3; threads++) {
		struct rq_oid *oids = rq_xcalloc(500, sizeof(*oids));
		struct rq_pack *pack = new_pack(s, threads);

		fill(s, pack, oids, 500);
		rq_pack_free(pack);
		free(oids);
		assert_int_equal(count_packed(s, ""), 0);
	}
}

static void a_kill_leaves_only_a_temporary_file(void **state)
{
	struct scratch *s = *state;
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct rq_pack *pack = new_pack(s, 0);
		char *data = noise(4000000, 1);
		struct rq_oid oid;

		rq_pack_add(pack, RQ_OBJ_BLOB, data, 4000000, &oid, &s->err);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(count_packed(s, "tmp_requilt_"), 1);
	assert_int_equal(count_packed(s, ""), 1);
	assert_shell(s, "",
		     "git -C repo.git prune --expire=now; ls repo.git/objects/pack");
}

static void a_failed_write_is_reported(void **state)
{
	struct scratch *s = *state;

	free(shell(s, "rmdir repo.git/objects/pack; echo > repo.git/objects/pack"));
	for (int threads = 0; threads < 3; threads += 2) {
		struct rq_pack *pack = new_pack(s, threads);
		struct rq_oid oid;
		int rc = rq_pack_add(pack, RQ_OBJ_BLOB, "x", 1, &oid, &s->err);

		if (!rc)
			rc = rq_pack_commit(pack, &s->err);
		assert_int_equal(rc, RQ_EIO);
		assert_non_null(strstr(s->err.msg, "pack"));
		rq_pack_free(pack);
	}
}

/* Beyond 2 GiB an offset is in the table of 64-bit ones; no pack is needed to see that. */
static void large_offsets(void **state)
{
	int fd;
	static const uint64_t offsets[] = { 12, 0x7fffffff, 0x80000000, 0x123456789ab };
	struct scratch *s = *state;
	struct pack_object objects[ARRAY_SIZE(offsets)];
	unsigned char sum[RQ_OID_SIZE] = { 0 };
	char *temp = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		memset(&objects[i], 0, sizeof(objects[i]));
		memset(objects[i].oid.id, (int)(0xf0 - 0x20 * i), RQ_OID_SIZE);
		objects[i].crc = (uint32_t)i;
		objects[i].offset = offsets[i];
	}
	assert_ok(s, pack_index_write(&fd, &temp, s->dir, objects, ARRAY_SIZE(offsets),
				      sum, &s->err));
	assert_shell(s,
		     "1250999896491 9090909090909090909090909090909090909090 (00000003)\n"
		     "2147483648 b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0 (00000002)\n"
		     "2147483647 d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0 (00000001)\n"
		     "12 f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0 (00000000)",
		     "git -C repo.git show-index < %s", temp);
	close(fd);
	free(temp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define SCRATCH(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)
		SCRATCH(objects_of_all_sizes),
		SCRATCH(nothing_is_stored_twice),
		SCRATCH(no_objects_no_file),
		SCRATCH(threads_make_the_same_pack),
		SCRATCH(versions_are_told_by_their_differences),
		SCRATCH(a_base_in_another_pack_is_none),
		SCRATCH(without_a_commit_nothing_stays),
		SCRATCH(a_kill_leaves_only_a_temporary_file),
		SCRATCH(a_failed_write_is_reported),
		SCRATCH(large_offsets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
