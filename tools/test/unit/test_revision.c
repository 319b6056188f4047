// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two versions of a patch: what differs, and the patches that lead from one to the other; and the form in
 * which a record keeps a version.
 */
#include "scratch.h"

#include "resolve/change.h"
#include "resolve/revision.h"
#include "resolve/was.h"

#define A_HEAD "--- a/a.c\n+++ b/a.c\n"
#define A_ONE "@@ -1,3 +1,3 @@ f\n 1\n-2\n+two\n 3\n"
#define A_TWO "@@ -11,3 +11,4 @@ g\n 11\n-12\n+twelve\n+more\n 13\n"
#define A_THREE "@@ -21,3 +22,2 @@\n 21\n-22\n 23\n"
#define B_NEW                                                                         \
	"diff --git a/b.c b/b.c\nnew file mode 100644\n--- /dev/null\n+++ b/b.c\n@@ " \
	"-0,0 +1,2 @@\n+x\n+y\n"
#define WAS A_HEAD A_ONE A_TWO

static struct rq_patch *parse(struct scratch *s, const char *text, int strip,
			      bool reverse)
{
	const struct rq_patch_options options = { .strip = strip, .reverse = reverse };
	struct rq_patch *patch = NULL;

	assert_ok(s, rq_patch_parse_copy(&patch, "x.patch", rq_slice_of(text), &options,
					 &s->err));
	return patch;
}

static void assert_patch(const struct rq_patch *patch, const char *text)
{
	struct rq_str printed = { 0 };

	if (patch)
		rq_patch_print(patch, &printed);
	assert_string_equal(printed.s ? printed.s : "", text);
	rq_str_release(&printed);
}

/* What leads from WAS to another version. */
static void every_difference_has_its_patches(void **state)
{
	static const struct {
		const char *was, *now, *back, *forth, *merge, *told;
	} cases[] = {
		{ WAS, WAS, "", "", "", "" },
		/* Line numbers are none. */
		{ WAS, A_HEAD "@@ -7,3 +9,3 @@ h\n 1\n-2\n+two\n 3\n" A_TWO, "", "", "",
		  "" },
		{ WAS, A_HEAD "@@ -1,3 +1,3 @@ f\n 1\n-2\n+TWO\n 3\n" A_TWO,
		  A_HEAD "@@ -1,3 +1,3 @@ f\n 1\n-two\n+2\n 3\n",
		  A_HEAD "@@ -1,3 +1,3 @@ f\n 1\n-2\n+TWO\n 3\n",
		  A_HEAD "@@ -1,3 +1,3 @@ f\n 1\n-two\n+TWO\n 3\n",
		  "a.c hunk 1 is another: '+TWO' was '+two'" },
		/* One that comes, and one that goes. */
		{ WAS, WAS A_THREE, "", A_HEAD A_THREE, A_HEAD A_THREE,
		  "a.c hunk 3 is new" },
		{ WAS, A_HEAD A_TWO, A_HEAD "@@ -1,3 +1,3 @@ f\n 1\n-two\n+2\n 3\n", "",
		  A_HEAD "@@ -1,3 +1,3 @@ f\n 1\n-two\n+2\n 3\n", "a.c hunk 1 is gone" },
		{ WAS, WAS B_NEW, "", B_NEW, B_NEW, "b.c is new in it" },
		{ WAS B_NEW, WAS,
		  "diff --git a/b.c b/b.c\ndeleted file mode 100644\n--- a/b.c\n+++ "
		  "/dev/null\n@@ -1,2 +0,0 @@\n-x\n-y\n",
		  "",
		  "diff --git a/b.c b/b.c\ndeleted file mode 100644\n--- a/b.c\n+++ "
		  "/dev/null\n@@ -1,2 +0,0 @@\n-x\n-y\n",
		  "b.c is gone from it" },
		/* Another context is no change of what was made of it. */
		{ WAS, A_HEAD "@@ -1,3 +1,3 @@ f\n one\n-2\n+two\n 3\n" A_TWO,
		  A_HEAD "@@ -1,3 +1,3 @@ f\n 1\n-two\n+2\n 3\n",
		  A_HEAD "@@ -1,3 +1,3 @@ f\n one\n-2\n+two\n 3\n", "",
		  "a.c hunk 1 is another: ' one' was ' 1'" },
		{ WAS, A_HEAD "@@ -1,4 +1,4 @@ f\n 0\n one\n-2\n+TWO\n 3\n" A_TWO,
		  A_HEAD "@@ -1,3 +1,3 @@ f\n 1\n-two\n+2\n 3\n",
		  A_HEAD "@@ -1,4 +1,4 @@ f\n 0\n one\n-2\n+TWO\n 3\n",
		  A_HEAD "@@ -1,3 +1,3 @@ f\n 1\n-two\n+TWO\n 3\n",
		  "a.c hunk 1 is another: ' 0' was ' 1'" },
	};
	struct scratch *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rq_patch *was = parse(s, cases[i].was, 1, false);
		struct rq_patch *now = parse(s, cases[i].now, 1, false);
		struct rq_patch *back, *forth, *merge;
		struct rq_revision revision = { 0 };
		struct rq_str told = { 0 };

		rq_revision_find(&revision, was, now);
		assert_false(revision.beyond);
		assert_ok(s, rq_revision_back(&back, &revision, &s->err));
		assert_ok(s, rq_revision_forth(&forth, &revision, &s->err));
		assert_ok(s, rq_revision_merge(&merge, &revision, &s->err));
		rq_revision_tell(&told, &revision);
		assert_string_equal(told.s ? told.s : "", cases[i].told);
		assert_int_equal(rq_revision_keeps(&revision, "a.c"),
				 strncmp(cases[i].told, "a.c", 3) != 0);
		assert_patch(back, cases[i].back);
		assert_patch(forth, cases[i].forth);
		assert_patch(merge, cases[i].merge);
		rq_patch_free(back);
		rq_patch_free(forth);
		rq_patch_free(merge);
		rq_str_release(&told);
		rq_revision_release(&revision);
		rq_patch_free(was);
		rq_patch_free(now);
	}
}

static void what_cannot_be_carried_is_beyond(void **state)
{
	static const char moved[] =
		"diff --git a/a.c b/d.c\nrename from a.c\nrename to d.c\n";
	static const char *const others[] = { moved, WAS WAS };
	struct scratch *s = *state;
	struct rq_patch *was = parse(s, WAS, 1, false);

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct rq_patch *now = parse(s, others[i], 1, false), *patch = NULL;
		struct rq_revision revision = { 0 };

		rq_revision_find(&revision, was, now);
		assert_true(revision.beyond);
		assert_ok(s, rq_revision_back(&patch, &revision, &s->err));
		assert_null(patch);
		assert_ok(s, rq_revision_forth(&patch, &revision, &s->err));
		assert_null(patch);
		assert_ok(s, rq_revision_merge(&patch, &revision, &s->err));
		assert_null(patch);
		rq_revision_release(&revision);
		rq_patch_free(now);
	}
	rq_patch_free(was);
}

/* The same change when it is read again, however the patch was read. */
static void a_version_is_kept_whole(void **state)
{
	static const struct {
		const char *text;
		int strip;
		bool reverse;
	} cases[] = {
		{ WAS B_NEW, 1, false },
		{ WAS B_NEW, 1, true },
		{ "--- a.c\n+++ a.c\n" A_ONE, 0, false },
		{ "--- x/y/a.c\n+++ x/z/a.c\n" A_ONE, 2, true },
		{ "--- a/a b.c\t\n+++ b/a b.c\t\n" A_ONE, 1, false },
		{ "diff --git a/a.c b/d.c\nsimilarity index 90%\nrename from a.c\nrename "
		  "to "
		  "d.c\n--- a/a.c\n+++ b/d.c\n" A_ONE,
		  1, false },
		{ "diff --git a/a.c b/a.c\nold mode 100644\nnew mode 100755\n", 1,
		  false },
		{ A_HEAD "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n", 1,
		  false },
		{ A_HEAD "@@ -1 +1 @@\n-a\n+b\r\n", 1, false },
	};
	struct scratch *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rq_patch *patch =
			parse(s, cases[i].text, cases[i].strip, cases[i].reverse);
		struct rq_str lines = { 0 }, head = { 0 }, found = { 0 };
		struct rq_patch *again = NULL;
		struct rq_oid change, read;

		rq_was_print(&lines, patch);
		assert_true(lines.len > 0);
		rq_str_addf(&head, "Note: x\n| no\n%sDigest: 1\n| no\n---\n", lines.s);
		rq_was_find(&found, rq_str_slice(&head));
		assert_true(rq_slice_eq(rq_str_slice(&found), rq_str_slice(&lines)));
		assert_ok(s, rq_was_parse(&again, rq_str_slice(&found), &s->err));
		rq_change_of(&change, patch);
		rq_change_of(&read, again);
		assert_true(rq_oid_eq(&change, &read));
		rq_str_release(&lines);
		rq_str_release(&head);
		rq_str_release(&found);
		rq_patch_free(patch);
		rq_patch_free(again);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_difference_has_its_patches,
						scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_carried_is_beyond,
						scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(a_version_is_kept_whole, scratch_setup,
						scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
