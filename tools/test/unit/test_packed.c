// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packs that git made are read as git reads them, without libgit2; broken ones are left to it.
 */
#include "scratch.h"

#include "git/packed_internal.h"

/* Of what the tests read an object may have so much. */
#define MOST ((size_t)1 << 20)

/* Versions of a text, so that git stores deltas of deltas; an empty file, a tree and a commit. */
static void fill(struct scratch *s)
{
	assert_shell(s, "",
		     "cd repo.git; for i in $(seq 12); do seq 600 | sed \"$i,$((3*i))d; "
		     "400s/^/$i/\" >../v; "
		     "git hash-object -w ../v >>../ids; done; git hash-object -w --stdin "
		     "</dev/null >>../ids; "
		     "t=$(sed -n '1s/.*/100644 blob &\\ta/p' ../ids | git mktree); echo "
		     "$t >>../ids; "
		     "git commit-tree -m x $t >>../ids");
}

/* All of it in one pack, and nothing loose; @options are git pack-objects's. */
static void pack(struct scratch *s, const char *options)
{
	assert_shell(
		s, "",
		"cd repo.git; git pack-objects -q %s objects/pack/pack <../ids >../name; "
		"git prune-packed; cp objects/pack/*.idx ../idx; cp objects/pack/*.pack "
		"../pack",
		options);
}

struct opened {
	struct packed packed;
	struct unpacker unpacker;
};

/* Of the scratch folder's files idx and pack. */
static bool open_copy(struct scratch *s, struct opened *o)
{
	char *index = rq_xasprintf("%s/idx", s->dir);
	char *bytes = rq_xasprintf("%s/pack", s->dir);
	bool opened;

	*o = (struct opened){ .unpacker = {
				      libdeflate_alloc_decompressor(), { 0 }, MOST } };
	opened = packed_open(&o->packed, index, bytes);
	free(index);
	free(bytes);
	return opened;
}

static void close_copy(struct opened *o)
{
	packed_close(&o->packed);
	libdeflate_free_decompressor(o->unpacker.zip);
	rq_str_release(&o->unpacker.raw);
}

static struct rq_oid oid_of(const char *hex)
{
	struct rq_oid oid;
	struct rq_err err;

	assert_int_equal(rq_oid_parse(&oid, hex, &err), 0);
	return oid;
}

/* The ids of all objects, each of 40 digits and a newline. */
static char *list(struct scratch *s)
{
	return shell(s, "cat ids; echo");
}

static void check_all(struct scratch *s)
{
	_cleanup_free_ char *ids = list(s);
	struct opened o;

	assert_true(open_copy(s, &o));
	for (const char *hex = ids; *hex; hex += RQ_OID_HEX + (hex[RQ_OID_HEX] == '\n')) {
		_cleanup_free_ char *id = rq_xstrndup(hex, RQ_OID_HEX);
		struct rq_oid oid = oid_of(id);
		struct rq_str out = { 0 };
		uint64_t at;
		int type;

		assert_true(packed_find(&o.packed, &oid, &at));
		assert_true(packed_read(&o.packed, &o.unpacker, at, &type, &out));
		assert_int_equal(out.s[out.len], 0);
		assert_true(
			rq_oid_is_of(&oid, (enum rq_obj_type)type, rq_str_slice(&out)));
		rq_str_release(&out);
	}
	close_copy(&o);
}

static void packs_of_git_are_read(void **state)
{
	struct scratch *s = *state;

	fill(s);
	pack(s, "--depth=50 --delta-base-offset");
	assert_shell(s, "yes",
		     "git verify-pack -v repo.git/objects/pack/*.idx | "
		     "grep -Eq ' blob .* [2-9] [0-9a-f]{40}$' && echo yes");
	check_all(s);
	assert_shell(s, "", "rm -f repo.git/objects/pack/*; rm ids");
	fill(s);
	pack(s, "--depth=50 --compression=0"); /* bases by id, stored blocks */
	check_all(s);
}

/* How many objects are read right, wrong, and not at all. */
struct count {
	int right, wrong, left;
};

static struct count read_copy(struct scratch *s, const char *ids)
{
	struct count count = { 0 };
	struct opened o;
	bool opened = open_copy(s, &o);

	for (const char *hex = ids; *hex; hex += RQ_OID_HEX + (hex[RQ_OID_HEX] == '\n')) {
		_cleanup_free_ char *id = rq_xstrndup(hex, RQ_OID_HEX);
		struct rq_oid oid = oid_of(id);
		struct rq_str out = { 0 };
		uint64_t at;
		int type;

		if (!opened || !packed_find(&o.packed, &oid, &at) ||
		    !packed_read(&o.packed, &o.unpacker, at, &type, &out)) {
			assert_null(out.s);
			count.left++;
		} else if (rq_oid_is_of(&oid, (enum rq_obj_type)type,
					rq_str_slice(&out))) {
			count.right++;
		} else {
			count.wrong++;
		}
		rq_str_release(&out);
	}
	close_copy(&o);
	return count;
}

/* Each byte in turn: what is read nonetheless may be wrong only where another object is taken for it. */
static void damage_is_left_to_others(void **state)
{
	static const char *const names[] = { "idx", "pack" };
	struct scratch *s = *state;
	_cleanup_free_ char *ids = NULL;
	int wrong = 0, left = 0, n = 0;

	fill(s);
	pack(s, "--depth=50 --delta-base-offset");
	ids = list(s);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *path = rq_xasprintf("%s/%s", s->dir, names[i]);
		struct rq_str bytes = { 0 };

		assert_ok(s, rq_file_read(&bytes, path, &s->err));
		for (size_t k = 0; k < bytes.len; k += i ? 2 : 9) {
			struct count count;

			bytes.s[k] ^= (char)(1 << k % 8);
			write_file(s, names[i], bytes.s, bytes.len);
			bytes.s[k] ^= (char)(1 << k % 8);
			count = read_copy(s, ids);
			wrong += count.wrong;
			left += count.left;
			n++;
		}
		for (size_t k = 0; k < bytes.len; k += 97) {
			write_file(s, names[i], bytes.s, k);
			assert_int_equal(read_copy(s, ids).left, 15);
		}
		write_file(s, names[i], bytes.s, bytes.len);
		rq_str_release(&bytes);
		free(path);
	}
	assert_int_equal(read_copy(s, ids).right, 15);
	assert_true(left > n && wrong < n / 20);
}

static void deltas_stay_in_bounds(void **state)
{
	static const struct {
		struct rq_slice delta;
		const char *made; /* NULL: refused */
	} rows[] = {
		{ RQ_SLICE("\4\4\220\4"), "base" },
		{ RQ_SLICE("\4\6\220\4\2xy"), "basexy" },
		{ RQ_SLICE("\4\2\221\2\2"), "se" },
		{ RQ_SLICE("\4\0"), "" },
		{ RQ_SLICE(""), NULL },
		{ RQ_SLICE("\4"), NULL },
		{ RQ_SLICE("\5\4\220\4"), NULL },   /* of another base */
		{ RQ_SLICE("\4\5\220\4"), NULL },   /* less than it says */
		{ RQ_SLICE("\4\3\220\4"), NULL },   /* more than it says */
		{ RQ_SLICE("\4\5\220\5"), NULL },   /* behind the base's end */
		{ RQ_SLICE("\4\1\221\4\1"), NULL }, /* from there */
		{ RQ_SLICE("\4\1\221\377\1"), NULL },
		{ RQ_SLICE("\4\4\200"), NULL },	  /* 64 KiB */
		{ RQ_SLICE("\4\4\0base"), NULL }, /* reserved */
		{ RQ_SLICE("\4\4\4bas"), NULL },  /* cut short */
		{ RQ_SLICE("\4\4\377\0"), NULL },
		{ RQ_SLICE("\4\201\200\200\200\200\200\200\200\200\200\1x"), NULL },
		{ RQ_SLICE("\4\377\377\377\177\220\4"),
		  NULL }, /* larger than the bound */
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rq_str out = { 0 };
		bool sound = packed_apply(rows[i].delta, RQ_SLICE("base"), MOST, &out);

		if (sound != (rows[i].made != NULL))
			fail_msg("row %zu", i);
		if (sound)
			assert_string_equal(out.s, rows[i].made);
		else
			assert_null(out.s);
		rq_str_release(&out);
	}
}

static void what_is_too_large_is_left(void **state)
{
	struct scratch *s = *state;
	_cleanup_free_ char *ids = NULL;
	struct opened o;
	struct rq_oid oid;
	struct rq_str out = { 0 };
	uint64_t at;
	int type;

	fill(s);
	pack(s, "--depth=50");
	ids = list(s);
	ids[RQ_OID_HEX] = '\0';
	oid = oid_of(ids);
	assert_true(open_copy(s, &o));
	assert_true(packed_find(&o.packed, &oid, &at));
	o.unpacker.most = 2000;
	assert_false(packed_read(&o.packed, &o.unpacker, at, &type, &out));
	o.unpacker.most = 4000;
	assert_true(packed_read(&o.packed, &o.unpacker, at, &type, &out));
	rq_str_release(&out);
	close_copy(&o);
}

/* Of the repository, of one that borrows from it, of one that borrows from that; not for ever. */
static void packs_are_found(void **state)
{
	static const char *const repos[] = { "repo.git", "near.git", "far.git" };
	struct scratch *s = *state;
	_cleanup_free_ char *ids = NULL;
	struct rq_oid oid;

	fill(s);
	ids = list(s);
	ids[RQ_OID_HEX] = '\0';
	oid = oid_of(ids);
	pack(s, "");
	assert_shell(s, "",
		     "git init -q --bare near.git; git init -q --bare far.git; "
		     "echo ../../repo.git/objects >near.git/objects/info/alternates; "
		     "printf '# x\\n%%s/near.git/objects' \"$PWD\" "
		     ">far.git/objects/info/alternates; "
		     "echo ../../far.git/objects >repo.git/objects/info/alternates");
	for (size_t i = 0; i < ARRAY_SIZE(repos); i++) {
		_cleanup_free_ char *objects =
			rq_xasprintf("%s/%s/objects", s->dir, repos[i]);
		struct packs *packs = packs_new(objects), *other = packs_new(objects);
		struct rq_str out = { 0 }, again = { 0 };
		int type;

		assert_true(packs_read(packs, &oid, &type, &out));
		assert_int_equal(type, RQ_OBJ_BLOB);
		assert_true(packs_read(other, &oid, &type, &again));
		assert_string_equal(out.s, again.s);
		packs_forget(packs);
		rq_str_release(&out);
		assert_true(packs_read(packs, &oid, &type, &out));
		oid.id[0] ^= 1;
		assert_false(packs_read(other, &oid, &type, &again));
		oid.id[0] ^= 1;
		packs_free(packs);
		packs_free(other);
		rq_str_release(&out);
		rq_str_release(&again);
	}
}

/* What is broken in a pack is still an error with the object's name, and libgit2's words. */
static void a_broken_pack_is_told(void **state)
{
	struct scratch *s = *state;
	_cleanup_free_ char *ids = NULL;
	struct rq_str out = { 0 };
	struct rq_oid oid;

	fill(s);
	pack(s, "--depth=0");
	ids = list(s);
	ids[RQ_OID_HEX] = '\0';
	oid = oid_of(ids);
	assert_shell(s, "",
		     "cd repo.git/objects/pack; chmod u+w *; "
		     "printf xxxxxxxx | dd of=$(echo *.pack) bs=1 seek=60 conv=notrunc "
		     "2>/dev/null; "
		     "for i in $(seq 13); do printf xxxxxxxx | dd of=$(echo *.pack) bs=1 "
		     "seek=$((150 * i)) conv=notrunc 2>/dev/null; done");
	assert_ok(s, rq_repo_refresh(s->repo, &s->err));
	assert_fails(s, RQ_EGIT, ids, rq_blob_read(s->repo, &oid, &out, &s->err));
	assert_null(out.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define SCRATCH(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)
		SCRATCH(packs_of_git_are_read),
		SCRATCH(damage_is_left_to_others),
		cmocka_unit_test(deltas_stay_in_bounds),
		SCRATCH(what_is_too_large_is_left),
		SCRATCH(packs_are_found),
		SCRATCH(a_broken_pack_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
