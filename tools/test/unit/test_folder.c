// SPDX-License-Identifier: GPL-2.0-only
/*
 * An output folder: whole or as it was, and only where everything in it is ours.
 */
#include "scratch.h"

#include <fcntl.h>
#include <sys/file.h>

#include "emit/emit.h"

/* Names and bytes in turn, ended by NULL. */
static void fill_outputs(struct rq_outputs *out, const char *const *files)
{
	for (; *files; files += 2)
		rq_str_adds(rq_outputs_add(out, files[0]), files[1]);
}

static int emit(struct scratch *s, const char *const *files, bool *changed)
{
	char *path = rq_xasprintf("%s/out/one", s->dir);
	struct rq_outputs outputs = { 0 };
	int rc;

	fill_outputs(&outputs, files);
	rc = rq_emit_folder(path, &outputs, changed, &s->err);
	rq_outputs_release(&outputs);
	free(path);
	return rc;
}

static const char *const first[] = { "0001-a.patch",
				     "A\n",
				     "sub/0002-b.patch",
				     "B\n",
				     "port.json",
				     "{}\n",
				     "series",
				     "# x\n0001-a.patch\nsub/0002-b.patch\n",
				     NULL };
static const char *const second[] = {
	"0001-a.patch", "AA\n", "port.json", "{}\n", "series", "0001-a.patch\n", NULL
};

#define LISTED "cd out && find . -type f | sort | xargs"

static void a_folder_is_written_and_exchanged(void **state)
{
	struct scratch *s = *state;
	bool changed = false;

	free(shell(s, "mkdir out"));
	assert_ok(s, emit(s, first, &changed));
	assert_true(changed);
	assert_shell(
		s,
		"./one/0001-a.patch ./one/port.json ./one/series ./one/sub/0002-b.patch",
		LISTED);
	assert_shell(s, "A B", "cd out/one && cat 0001-a.patch sub/0002-b.patch | xargs");
	free(shell(s, "touch -d @1000000000 out/one/* out/one"));
	/* The same once more: no time changes, and what a killed run left goes. */
	free(shell(s, "mkdir -p out/.one.new && touch out/.one.new/x"));
	assert_ok(s, emit(s, first, &changed));
	assert_false(changed);
	assert_shell(s, "1000000000 1000000000",
		     "stat -c %%Y out/one out/one/series | xargs");
	assert_shell(
		s,
		"./one/0001-a.patch ./one/port.json ./one/series ./one/sub/0002-b.patch",
		LISTED);
	assert_ok(s, emit(s, second, &changed));
	assert_true(changed);
	assert_shell(s, "./one/0001-a.patch ./one/port.json ./one/series", LISTED);
	assert_shell(s, "AA", "cat out/one/0001-a.patch");
	/* One byte, a name or a file that is missing is a difference. */
	free(shell(s, "echo AB >out/one/0001-a.patch"));
	assert_ok(s, emit(s, second, &changed));
	assert_true(changed);
	free(shell(s, "rm out/one/0001-a.patch"));
	assert_ok(s, emit(s, second, &changed));
	assert_true(changed);
	assert_shell(s, "AA", "cat out/one/0001-a.patch");
}

static void what_is_not_ours_stays(void **state)
{
	static const char *const others[][2] = {
		{ "notes",
		  "one/notes: no earlier port wrote it and this one would remove it" },
		{ "sub/notes", "one/sub/notes: no earlier port wrote it" },
		{ "last-good/notes", "one/last-good/notes: no earlier port wrote it" },
		{ "0001-a.patch.orig",
		  "one/0001-a.patch.orig: no earlier port wrote it" },
		{ "last-good/series", "one/last-good/series: no earlier port wrote it" },
	};
	struct scratch *s = *state;
	bool changed = false;

	free(shell(s, "mkdir out"));
	assert_ok(s, emit(s, first, &changed));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		free(shell(s, "mkdir -p $(dirname out/one/%s) && echo mine >out/one/%s",
			   others[i][0], others[i][0]));
		assert_fails(s, RQ_EUNSAFE, others[i][1], emit(s, second, &changed));
		assert_shell(s, "mine", "cat out/one/%s", others[i][0]);
		assert_shell(s, "A", "cat out/one/0001-a.patch");
		assert_shell(s, "", "find out -name '.one.new'");
		free(shell(s, "rm -r out/one/%s", others[i][0]));
	}
	/* What an earlier port kept in last-good/ is ours: its record is there. */
	free(shell(s, "mkdir -p out/one/last-good && cd out/one && cp series port.json "
		      "0001-a.patch last-good"));
	assert_ok(s, emit(s, second, &changed));
	assert_shell(s, "./one/0001-a.patch ./one/port.json ./one/series", LISTED);
	/* Without a record nothing of the folder is. */
	free(shell(s, "rm out/one/port.json"));
	assert_fails(s, RQ_EUNSAFE, "no earlier port wrote it", emit(s, first, &changed));
	for (const char *const *record =
		     (const char *const[]){ "rebase.json", "export.json", NULL };
	     *record; record++) {
		free(shell(s,
			   "rm -rf out/one && mkdir out/one && cd out/one && touch %s "
			   "0001-a.patch && echo 0001-a.patch >series",
			   *record));
		assert_ok(s, emit(s, second, &changed));
		assert_true(changed);
	}
	free(shell(s, "rm -r out/one && echo mine >out/one"));
	assert_fails(s, RQ_EUNSAFE, "one: is no folder; move it away",
		     emit(s, first, &changed));
	assert_shell(s, "mine", "cat out/one");
}

static void what_cannot_be_written_is_told(void **state)
{
	static const char *const up[] = { "../0001-a.patch", "A\n", "series", "x\n",
					  NULL };
	struct scratch *s = *state;
	bool changed = false;

	free(shell(s, "mkdir out"));
	assert_fails(s, RQ_EUNSAFE, "the name '../0001-a.patch' of a patch",
		     emit(s, up, &changed));
	assert_shell(s, "", "find . -name '*.patch'");
	free(shell(s, "rm -r out && touch out"));
	assert_int_not_equal(emit(s, first, &changed), 0);
	assert_false(changed);
}

static int read_back(struct scratch *s, struct rq_outputs *out)
{
	char *path = rq_xasprintf("%s/out/one", s->dir);
	int rc = rq_outputs_read(out, path, &s->err);

	free(path);
	return rc;
}

static void outputs_are_read_back(void **state)
{
	static const char *const bad[][2] = {
		{ "# x\\n../a\\n", "out/one/series:2: path '../a'" },
		{ "0001-a.patch\\n0001-a.patch\\n",
		  "out/one/series:2: 0001-a.patch: named twice" },
		{ "series\\n", "out/one/series:1: 'series' is no patch's name" },
		{ "port.json\\n", "out/one/series:1: 'port.json' is no patch's name" },
	};
	struct scratch *s = *state;
	struct rq_outputs out = { 0 };
	char hex[RQ_OID_HEX + 1], other[RQ_OID_HEX + 1];
	bool changed;

	assert_int_equal(read_back(s, &out), RQ_ENOTFOUND);
	free(shell(s, "mkdir out"));
	assert_ok(s, emit(s, first, &changed));
	assert_ok(s, read_back(s, &out));
	assert_int_equal(out.v.n, 3);
	assert_string_equal(out.v.v[0].name, "0001-a.patch");
	assert_string_equal(out.v.v[1].name, "sub/0002-b.patch");
	assert_string_equal(out.v.v[1].bytes.s, "B\n");
	assert_string_equal(out.v.v[2].name, "series");
	rq_outputs_digest(hex, &out);
	rq_outputs_digest(other, &out);
	assert_string_equal(hex, other);
	out.v.v[1].bytes.s[0] = 'C';
	rq_outputs_digest(other, &out);
	assert_string_not_equal(hex, other);
	out.v.v[1].bytes.s[0] = 'B';
	out.v.v[1].name[0] = 'S';
	rq_outputs_digest(other, &out);
	assert_string_not_equal(hex, other);
	rq_outputs_release(&out);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		out = (struct rq_outputs){ 0 };
		free(shell(s, "printf '%s' >out/one/series", bad[i][0]));
		s->err = (struct rq_err){ 0 };
		assert_int_not_equal(read_back(s, &out), 0);
		assert_non_null(strstr(s->err.msg, bad[i][1]));
		rq_outputs_release(&out);
	}
	out = (struct rq_outputs){ 0 };
	free(shell(s, "printf '0009-none.patch\\n' >out/one/series"));
	assert_int_equal(read_back(s, &out), RQ_ENOTFOUND);
	rq_outputs_release(&out);
}

static void the_lock_keeps_others_out(void **state)
{
	struct scratch *s = *state;
	char *path = rq_xasprintf("%s/out/deep/one", s->dir),
	     *parent = rq_xasprintf("%s/out/deep", s->dir);
	int fd = -1, other;

	assert_ok(s, rq_emit_lock(&fd, path, &s->err));
	assert_true(fd >= 0);
	other = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(other >= 0);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
	close(fd);
	assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
	close(other);
	free(shell(s, "rm -r out && touch out"));
	assert_int_not_equal(rq_emit_lock(&fd, path, &s->err), 0);
	free(parent);
	free(path);
}

int main(void)
{
#define SCRATCH(test) \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		SCRATCH(a_folder_is_written_and_exchanged),
		SCRATCH(what_is_not_ours_stays),
		SCRATCH(what_cannot_be_written_is_told),
		SCRATCH(outputs_are_read_back),
		SCRATCH(the_lock_keeps_others_out),
	};

	return cmocka_run_group_tests_name("folder", tests, NULL, NULL);
}
