// SPDX-License-Identifier: GPL-2.0-only
/*
 * A patch as it is emitted for a branch, byte for byte, and the proof of it; and what a quilt
 * series cannot say.
 */
#include "image.h"

#include "emit/emit.h"

#define TEN "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"
#define HEAD "Subject: x\n\nText.\n---\n"
#define EDIT "@@ -4,3 +4,3 @@ f()\n 4\n-5\n+five\n 6\n"
#define OF_A "--- a/a\n+++ b/a\n"

struct row {
	const char *name;
	struct held held[4];
	const char *patch, *want; /* or how the message begins */
	bool refused, p0, reverse;
};

static const struct row rows[] = {
	{ .name = "what needs no change is taken over",
	  .held = { { "a", TEN, 0 } },
	  .patch = HEAD "diff -u x y\n--- a/a\tyesterday\n+++ b/a\ttoday\n" EDIT
			"-- \n2.39\n",
	  .want = HEAD "diff -u x y\n--- a/a\tyesterday\n+++ b/a\ttoday\n" EDIT
		       "-- \n2.39\n" },
	{ .name = "lines are the branch's",
	  .held = { { "a", "0\n0\n" TEN, 0 } },
	  .patch = HEAD OF_A
	  "@@ -1,4 +1,5 @@\n 1\n 2\n+new\n 3\n 4\n@@ -6,3 +7,2 @@ f()\n "
	  "6\n-7\n 8\n@@ -9,2 +9,2 @@\n 9\n-10\n+ten\n",
	  .want = HEAD OF_A
	  "@@ -3,4 +3,5 @@\n 1\n 2\n+new\n 3\n 4\n@@ -8,3 +9,2 @@ f()\n "
	  "6\n-7\n 8\n@@ -11,2 +11,2 @@\n 9\n-10\n+ten\n" },
	{ .name = "a count of one is left out, an empty side names the line before it",
	  .held = { { "a", "0\n" TEN, 0 } },
	  .patch = HEAD OF_A
	  "@@ -2 +2 @@\n-2\n+two\n@@ -5,0 +6,2 @@\n+x\n+y\n@@ -9 +10,0 @@\n-9\n",
	  .want = HEAD OF_A
	  "@@ -3 +3 @@\n-2\n+two\n@@ -6,0 +7,2 @@\n+x\n+y\n@@ -10 +11,0 @@\n-9\n" },
	{ .name = "a hunk that is there is left out, and those behind it move",
	  .held = { { "a", "1\n2\nnew\n3\n4\n5\n6\n7\n8\n9\n10\n", 0 } },
	  .patch = HEAD OF_A
	  "@@ -1,4 +1,5 @@\n 1\n 2\n+new\n 3\n 4\n@@ -8,3 +9,3 @@\n 8\n-9\n+nine\n 10\n",
	  .want = HEAD OF_A "@@ -9,3 +9,3 @@\n 8\n-9\n+nine\n 10\n" },
	{ .name = "the ids of an index line hold here, in as many digits",
	  .held = { { "a", TEN, 0 } },
	  .patch = HEAD "diff --git a/a b/a\nindex 1234567..89abcde 100644\n" OF_A EDIT,
	  .want = HEAD "diff --git a/a b/a\nindex f00c965..33011fd 100644\n" OF_A EDIT },
	{ .name = "with the branch's mode, or none",
	  .held = { { "a", TEN, RQ_MODE_EXEC } },
	  .patch = HEAD
	  "diff --git a/a b/a\nindex 123456789..89abcdef0 100644\n" OF_A EDIT
	  "diff --git a/b b/b\nnew file mode 100644\n"
	  "index 0000000..1234567\n--- /dev/null\n+++ b/b\n@@ -0,0 +1 @@\n+x\n",
	  .want = HEAD
	  "diff --git a/a b/a\nindex f00c965d8..33011fd77 100755\n" OF_A EDIT
	  "diff --git a/b b/b\nnew file mode 100644\n"
	  "index 0000000..587be6b\n--- /dev/null\n+++ b/b\n@@ -0,0 +1 @@\n+x\n" },
	{ .name = "no id where a patch edits a file twice",
	  .held = { { "a", TEN, 0 } },
	  .patch = HEAD "diff --git a/a b/a\nindex 1234567..89abcde 100644\n" OF_A EDIT
			"diff --git a/a b/a\nindex 89abcde..1234567 100644\n" OF_A
			"@@ -4,3 +4,3 @@\n 4\n-five\n+cinq\n 6\n",
	  .want = HEAD "diff --git a/a b/a\n" OF_A EDIT "diff --git a/a b/a\n" OF_A
		       "@@ -4,3 +4,3 @@\n 4\n-five\n+cinq\n 6\n" },
	{ .name = "-p0 becomes -p1",
	  .held = { { "a", TEN, 0 } },
	  .patch = HEAD "Index: a\n--- a\n+++ a\n" EDIT "words\n",
	  .want = HEAD
	  "diff --git a/a b/a\nindex f00c965d8307..33011fd77b74 100644\n" OF_A EDIT
	  "words\n",
	  .p0 = true },
	{ .name = "-R is turned round",
	  .held = { { "a", "1\n2\n3\n4\nfive\n6\nnew\n7\n8\n9\n10\n", 0 } },
	  .patch = HEAD OF_A "@@ -4,4 +4,5 @@\n 4\n-5\n+five\n 6\n+new\n 7\n",
	  .want = HEAD
	  "diff --git a/a b/a\nindex fcf040909633..f00c965d8307 100644\n" OF_A
	  "@@ -2,9 +2,8 @@\n 2\n 3\n 4\n-five\n+5\n 6\n-new\n 7\n 8\n 9\n",
	  .reverse = true },
	{ .name = "a rename is a file that goes and one that comes",
	  .held = { { "a", "1\n2\n", 0 } },
	  .patch = HEAD "diff --git a/a b/b\nsimilarity index 90%\nrename from a\nrename "
			"to b\n--- a/a\n+++ b/b\n@@ -1,2 +1,2 @@\n 1\n-2\n+two\n",
	  .want = HEAD
	  "diff --git a/a b/a\ndeleted file mode 100644\nindex "
	  "1191247b6d9a..000000000000\n--- a/a\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-1\n-2\n"
	  "diff --git a/b b/b\nnew file mode 100644\nindex "
	  "000000000000..0b66db0da4b5\n--- "
	  "/dev/null\n+++ b/b\n@@ -0,0 +1,2 @@\n+1\n+two\n" },
	{ .name = "a mode changes with the text",
	  .held = { { "a", TEN, 0 } },
	  .patch = HEAD "diff --git a/a b/a\nold mode 100644\nnew mode 100755\nindex "
			"1234567..89abcde\n" OF_A EDIT,
	  .want = HEAD "diff --git a/a b/a\nold mode 100644\nnew mode 100755\nindex "
		       "f00c965..33011fd\n" OF_A EDIT },
	{ .name = "a mode that is there already is not told",
	  .held = { { "a", TEN, RQ_MODE_EXEC } },
	  .patch =
		  HEAD "diff --git a/a b/a\nold mode 100644\nnew mode 100755\n" OF_A EDIT,
	  .want = HEAD
	  "diff --git a/a b/a\nindex f00c965d8307..33011fd77b74 100755\n" OF_A EDIT },
	{ .name = "a name with a blank gets its tab",
	  .held = { { "a b", TEN, 0 } },
	  .patch = HEAD "diff --git a/a b b/a b\n--- a/a b\n+++ b/a b\n" EDIT,
	  .want = HEAD "diff --git a/a b b/a b\nindex f00c965d8307..33011fd77b74 "
		       "100644\n--- a/a b\t\n+++ b/a b\t\n" EDIT },
	{ .name = "carriage returns of a header go",
	  .held = { { "a", TEN, 0 } },
	  .patch = HEAD "--- a/a\r\n+++ b/a\r\n" EDIT,
	  .want = HEAD
	  "diff --git a/a b/a\nindex f00c965d8307..33011fd77b74 100644\n" OF_A EDIT },
	{ .name = "a mode alone",
	  .held = { { "a", TEN, 0 } },
	  .patch = HEAD "diff --git a/a b/a\nold mode 100644\nnew mode 100755\n",
	  .want = HEAD "diff --git a/a b/a\nold mode 100644\nnew mode 100755\n" },
	{ .name = "a binary change",
	  .held = { { "a", "abc", 0 } },
	  .patch = HEAD
	  "diff --git a/b b/b\nnew file mode 100644\nindex 0000000..f2ba8f8\nGIT binary "
	  "patch\nliteral 3\nKcmYdfNCE%>hycU@\n\nliteral 0\nHcmV?d00001\n\n",
	  .want = "b: a binary change has no place in a quilt series",
	  .refused = true },
	{ .name = "a hunk's head alone starts no diff for patch(1)",
	  .held = { { "a", TEN, 0 } },
	  .patch = "Subject: x\n\n  @@ -1 +1 @@ was wrong\n---\n" OF_A EDIT,
	  .want = "Subject: x\n\n  @@ -1 +1 @@ was wrong\n---\n" OF_A EDIT },
	{ .name = "stars without a file's lines start no diff for patch(1)",
	  .held = { { "a", TEN, 0 } },
	  .patch = "Subject: x\n\n***************\n*** 1 ****\n---\n" OF_A EDIT,
	  .want = "Subject: x\n\n***************\n*** 1 ****\n---\n" OF_A EDIT },
	{ .name = "an indented diff in a header is quoted",
	  .held = { { "a", TEN, 0 } },
	  .patch = "Subject: x\n\n  --- a/a\n  +++ b/a\n  @@ -1 +1 @@\n---\n" OF_A EDIT,
	  .want = "Subject: x\n\n>   --- a/a\n>   +++ b/a\n>   @@ -1 +1 @@\n---\n" OF_A
		  EDIT },
	{ .name = "stars are no diff",
	  .held = { { "a", TEN, 0 } },
	  .patch = "Subject: x\n\n***************\nwords\n*** x\n---\n" OF_A EDIT,
	  .want = "Subject: x\n\n***************\nwords\n*** x\n---\n" OF_A EDIT },
	{ .name = "a file that becomes a folder",
	  .held = { { "a", "1\n", 0 } },
	  .patch = HEAD "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n--- /dev/null\n+++ "
			"b/a/b\n@@ -0,0 +1 @@\n+1\n",
	  .want = "a: a file that becomes a folder in one patch has no place in a quilt "
		  "series",
	  .refused = true },
	{ .name = "a file that goes beside a longer name",
	  .held = { { "a", "1\n", 0 } },
	  .patch = HEAD "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n--- /dev/null\n+++ "
			"b/ab\n@@ -0,0 +1 @@\n+1\n",
	  .want = HEAD "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n--- /dev/null\n+++ "
		       "b/ab\n@@ -0,0 +1 @@\n+1\n" },
};

struct port {
	struct rq_image *base, *image;
};

static bool file_of(struct rq_image *image, const char *path, struct rq_file **out)
{
	struct rq_err err;

	return rq_image_file(image, path, out, &err) == 0;
}

static bool before(void *ctx, const char *path, struct rq_slice *bytes,
		   enum rq_mode *mode)
{
	struct port *port = ctx;
	struct rq_file *file;

	if (!file_of(port->base, path, &file))
		return false;
	*bytes = file->read;
	*mode = file->mode;
	return true;
}

static bool after(void *ctx, const char *path, enum rq_mode *mode, struct rq_oid *oid)
{
	struct port *port = ctx;
	struct rq_file *file;

	if (!file_of(port->image, path, &file))
		return false;
	*mode = file->mode;
	if (file->mode != RQ_MODE_NONE)
		*oid = *rq_file_oid(file);
	return true;
}

static int count_touched(struct rq_file *file, void *ctx)
{
	(void)file;
	(*(size_t *)ctx)++;
	return 0;
}

/* As the pack's threads do it in a port: the ids of what was made. */
static void fill_ids(struct rq_image *image, struct rq_entry_record *entry)
{
	for (size_t i = 0; i < entry->changes.n; i++) {
		struct rq_file_change *c = &entry->changes.v[i];
		struct rq_file *file;

		if (c->superseded || c->new_mode == RQ_MODE_NONE)
			continue;
		assert_true(file_of(image, c->path, &file));
		c->new_oid = *rq_file_oid(file);
	}
}

static void assert_proven(struct port *port, const struct row *row,
			  const struct rq_str *bytes)
{
	const struct rq_proof_tree tree = { .before = before,
					    .after = after,
					    .ctx = port };
	char *names[] = { "x.patch" };
	struct rq_outputs outputs = { 0 };
	struct rq_err err = { 0 };
	size_t touched = 0;

	rq_str_add_slice(rq_outputs_add(&outputs, names[0]), rq_str_slice(bytes));
	rq_image_each_touched(port->image, count_touched, &touched);
	if (rq_proof(&outputs, names, 1, touched, &tree, &err))
		fail_msg("%s: %s", row->name, err.msg);
	rq_outputs_release(&outputs);
}

static void patches_are_emitted_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct rq_patch_options options = { .strip = rows[i].p0 ? 0 : 1,
							  .reverse = rows[i].reverse };
		struct port port = { new_image(rows[i].held), new_image(rows[i].held) };
		struct rq_entry_record entry = { 0 };
		struct rq_patch *patch = NULL;
		struct rq_started started = { 0 };
		struct rq_str out = { 0 };
		struct rq_err err = { 0 };
		int rc;

		assert_int_equal(rq_patch_parse_copy(&patch, "x.patch",
						     rq_slice_of(rows[i].patch), &options,
						     &err),
				 0);
		assert_int_equal(rq_apply(port.image, patch,
					  &(struct rq_apply_options){ 0 }, &entry, &err),
				 0);
		if (entry.outcome == RQ_CONFLICT)
			fail_msg("%s: %s", rows[i].name, entry.message);
		fill_ids(port.image, &entry);
		rc = rq_emit_patch(&out, patch, &entry, &started, &err);
		if (rows[i].refused &&
		    (rc != RQ_EQUEUE ||
		     strncmp(err.msg, rows[i].want, strlen(rows[i].want)) != 0))
			fail_msg("%s: %d, '%s'", rows[i].name, rc, err.msg);
		if (!rows[i].refused && (rc || strcmp(out.s, rows[i].want) != 0))
			fail_msg("%s: %d, %s\n%s--- expected:\n%s---", rows[i].name, rc,
				 err.msg, out.s ? out.s : "", rows[i].want);
		if (!rc)
			assert_proven(&port, &rows[i], &out);
		rq_entry_release(&entry);
		rq_str_release(&out);
		rq_image_free(port.image);
		rq_image_free(port.base);
		rq_patch_free(patch);
	}
}

static void names_and_heads(void **state)
{
	static const char *const names[][3] = {
		{ "q", "q/0001-x.patch", "0001-x.patch" },
		{ "q", "q/sub/x.cocci", "sub/x.patch" },
		{ "q", "other/x.patch", "other/x.patch" },
		{ "q", "qq/x.patch", "qq/x.patch" },
		{ "q", "q.patch", "q.patch" },
		{ "q", "x.cocci", "x.patch" },
	};
	struct rq_branch_record branch = { .branch = "one",
					   .base = { { 1 } },
					   .base_tree = { { 2 } } };
	struct rq_str out = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *name = rq_emit_name(names[i][0], names[i][1]);

		assert_string_equal(name, names[i][2]);
		free(name);
	}
	rq_emit_series_head(&out, "q", &branch);
	branch.version = "6.1.5";
	rq_emit_series_head(&out, "q", &branch);
	assert_string_equal(
		out.s, "# q for one, made by requilt: change the queue, not this file\n"
		       "# base: unknown version, commit "
		       "0100000000000000000000000000000000000000, "
		       "tree 0200000000000000000000000000000000000000\n"
		       "# q for one, made by requilt: change the queue, not this file\n"
		       "# base: 6.1.5, commit 0100000000000000000000000000000000000000, "
		       "tree 0200000000000000000000000000000000000000\n");
	rq_str_release(&out);
}

static int start_git(void **state)
{
	(void)state;
	rq_git_init();
	return 0;
}

static int stop_git(void **state)
{
	(void)state;
	rq_git_shutdown();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patches_are_emitted_or_refused),
		cmocka_unit_test(names_and_heads),
	};

	return cmocka_run_group_tests_name("emit", tests, start_git, stop_git);
}
