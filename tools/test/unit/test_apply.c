// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the cases of the ladder cannot ask: whether a patch is there already, the places that a
 * recorded resolution may take, and what a hand gets to finish.
 */
#include "image.h"

#define TEN "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"
#define EDIT_5(old, new) "@@ -4,3 +4,3 @@\n 4\n-" old "\n+" new "\n 6\n"
#define OF_A "--- a/a\n+++ b/a\n"

/* --- presence --- */

static bool is_present(const struct held *held, const char *text)
{
	struct rq_image *image = new_image(held);
	struct rq_patch *patch = read_patch("x.patch", text);
	struct rq_err err = { 0 };
	bool present = false;

	assert_int_equal(rq_patch_present(image, patch, &present, &err), 0);
	rq_image_free(image);
	rq_patch_free(patch);
	return present;
}

static void test_present_rename(void **state)
{
	static const char rename[] =
		"diff --git a/a b/b\nsimilarity index 100%\nrename from a\nrename to b\n";
	static const char with_mode[] = "diff --git a/a b/b\nold mode 100644\nnew mode "
					"100755\nsimilarity index 100%\n"
					"rename from a\nrename to b\n";

	(void)state;
	assert_true(is_present((struct held[]){ { "b", TEN, 0 }, { 0 } }, rename));
	assert_false(is_present(
		(struct held[]){ { "a", TEN, 0 }, { "b", TEN, 0 }, { 0 } }, rename));
	assert_false(is_present((struct held[]){ { "a", TEN, 0 }, { 0 } }, rename));
	/* The rename is done and the mode is not. */
	assert_false(is_present((struct held[]){ { "b", TEN, 0 }, { 0 } }, with_mode));
	assert_true(is_present((struct held[]){ { "b", TEN, RQ_MODE_EXEC }, { 0 } },
			       with_mode));
}

static void test_present_mode(void **state)
{
	static const char mode[] =
		"diff --git a/a b/a\nold mode 100644\nnew mode 100755\n";
	static const char both[] =
		"diff --git a/a b/a\nold mode 100644\nnew mode 100755\n" OF_A EDIT_5(
			"5", "five");
	static const char five[] = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n";

	(void)state;
	assert_true(
		is_present((struct held[]){ { "a", TEN, RQ_MODE_EXEC }, { 0 } }, mode));
	assert_false(is_present((struct held[]){ { "a", TEN, 0 }, { 0 } }, mode));
	assert_true(
		is_present((struct held[]){ { "a", five, RQ_MODE_EXEC }, { 0 } }, both));
	assert_false(is_present((struct held[]){ { "a", five, 0 }, { 0 } }, both));
	assert_false(
		is_present((struct held[]){ { "a", TEN, RQ_MODE_EXEC }, { 0 } }, both));
}

static void test_present_file(void **state)
{
	static const char create[] = "--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+x\n+y\n";
	static const char remove[] = "--- a/o\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n";
	static const char edit[] = OF_A EDIT_5("5", "five");
	static const char copy[] =
		"diff --git a/a b/c\nsimilarity index 100%\ncopy from a\ncopy to c\n";

	(void)state;
	assert_true(is_present((struct held[]){ { "n", "x\ny\n", 0 }, { 0 } }, create));
	assert_false(is_present((struct held[]){ { "n", "x\nz\n", 0 }, { 0 } }, create));
	assert_false(
		is_present((struct held[]){ { "n", "x\ny\nz\n", 0 }, { 0 } }, create));
	assert_false(is_present((struct held[]){ { 0 } }, create));
	assert_true(is_present((struct held[]){ { 0 } }, remove));
	assert_false(is_present((struct held[]){ { "o", "x\n", 0 }, { 0 } }, remove));
	assert_false(is_present((struct held[]){ { 0 } }, edit));
	assert_true(is_present((struct held[]){ { "a", TEN, 0 }, { "c", TEN, 0 }, { 0 } },
			       copy));
	assert_false(is_present(
		(struct held[]){ { "a", TEN, 0 }, { "c", "1\n", 0 }, { 0 } }, copy));
	assert_false(is_present((struct held[]){ { "c", TEN, 0 }, { 0 } }, copy));
}

/* All hunks, in order, none of whose lines another one has; and something that is added. */
static void test_present_hunks(void **state)
{
	static const char two[] =
		OF_A EDIT_5("5", "five") "@@ -8,3 +8,3 @@\n 8\n-9\n+nine\n 10\n";
	static const char adds[] = OF_A "@@ -2,3 +2,4 @@\n 2\n+new\n 3\n 4\n";
	static const char removes[] = OF_A "@@ -4,3 +4,2 @@\n 4\n-5\n 6\n";

	(void)state;
	assert_true(is_present(
		(struct held[]){ { "a", "1\n2\n3\n4\nfive\n6\n7\n8\nnine\n10\n", 0 },
				 { 0 } },
		two));
	assert_false(is_present(
		(struct held[]){ { "a", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n", 0 },
				 { 0 } },
		two));
	assert_false(is_present(
		(struct held[]){ { "a", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n10\n", 0 },
				 { 0 } },
		two));
	assert_false(is_present(
		(struct held[]){ { "a", "8\nnine\n10\n1\n4\nfive\n6\n", 0 }, { 0 } },
		two));
	assert_true(
		is_present((struct held[]){ { "a", "2\nnew\n3\n4\n", 0 }, { 0 } }, adds));
	assert_false(
		is_present((struct held[]){ { "a", "2\n3\nnew\n4\n", 0 }, { 0 } }, adds));
	assert_false(is_present((struct held[]){ { "a", "1\n2\n3\n4\n6\n", 0 }, { 0 } },
				removes));
}

/* --- certain places, for resolutions that were recorded --- */

struct applied {
	struct rq_image *image;
	struct rq_patch *patch;
	struct rq_entry_record entry;
};

static struct applied apply_to(const struct held *held, const char *text, bool certain)
{
	struct applied done = { .image = new_image(held),
				.patch = read_patch("x.patch", text) };
	const struct rq_apply_options options = { .certain = certain };
	struct rq_err err = { 0 };

	assert_int_equal(rq_apply(done.image, done.patch, &options, &done.entry, &err),
			 0);
	return done;
}

static void release(struct applied *done)
{
	rq_entry_release(&done->entry);
	rq_image_free(done->image);
	rq_patch_free(done->patch);
}

static void test_certain_exact(void **state)
{
	struct applied done = apply_to((struct held[]){ { "a", TEN, 0 }, { 0 } },
				       OF_A EDIT_5("5", "five"), true);

	(void)state;
	assert_int_equal(done.entry.outcome, RQ_EXACT);
	assert_file(done.image, "a", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n");
	release(&done);
	done = apply_to((struct held[]){ { "a", "0\n" TEN, 0 }, { 0 } },
			OF_A EDIT_5("5", "five"), true);
	assert_int_equal(done.entry.outcome, RQ_OFFSET);
	release(&done);
	/* All of it is there. */
	done = apply_to((struct held[]){ { "a", "1\n2\n3\n4\nfive\n6\n", 0 }, { 0 } },
			OF_A EDIT_5("5", "five"), true);
	assert_int_equal(done.entry.outcome, RQ_PRESENT);
	release(&done);
}

/* Two equal places, and only the stated line speaks for one of them. */
static void test_certain_two_places(void **state)
{
	static const struct held twice[] = { { "a", TEN "-\n" TEN, 0 }, { 0 } };
	struct applied done = apply_to(twice, OF_A EDIT_5("5", "five"), false);

	(void)state;
	assert_int_equal(done.entry.hunks.v[0].rung, RQ_EXACT);
	assert_true(done.entry.doubtful);
	release(&done);
	done = apply_to(twice, OF_A EDIT_5("5", "five"), true);
	assert_int_equal(done.entry.outcome, RQ_CONFLICT);
	assert_int_equal(done.entry.hunks.v[0].rung, RQ_CONFLICT);
	assert_string_equal(done.entry.message,
			    "a: hunk 1: no place without doubt (exact)");
	assert_file(done.image, "a", TEN "-\n" TEN);
	release(&done);
}

/* One hunk is there and one is not: the resolution was made for another state. */
static void test_certain_part_present(void **state)
{
	static const struct held half[] = {
		{ "a", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n", 0 }, { 0 }
	};
	static const char two[] =
		OF_A EDIT_5("5", "five") "@@ -8,3 +8,3 @@\n 8\n-9\n+nine\n 10\n";
	struct applied done = apply_to(half, two, false);

	(void)state;
	assert_int_equal(done.entry.outcome, RQ_EXACT);
	assert_int_equal(done.entry.present_hunks, 1);
	release(&done);
	done = apply_to(half, two, true);
	assert_int_equal(done.entry.outcome, RQ_CONFLICT);
	assert_int_equal(done.entry.hunks.v[0].rung, RQ_CONFLICT);
	assert_int_equal(done.entry.hunks.v[1].rung, RQ_EXACT);
	assert_string_equal(done.entry.message,
			    "a: hunk 1: no place without doubt (present)");
	assert_file(done.image, "a", half[0].text);
	release(&done);
}

/* A hunk that is there is measured by the next one that has a place: the one between has none. */
static void test_present_beside_absent(void **state)
{
	static const struct held moved[] = {
		{ "a", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n12a\n13\nnew\n15\n16\n",
		  0 },
		{ 0 }
	};
	static const char three[] =
		OF_A EDIT_5("5", "five") "@@ -8,3 +8,2 @@\n 8\n-gone\n 9\n"
					 "@@ -14,3 +13,3 @@\n 13\n-14\n+new\n 15\n";
	struct applied done = apply_to(moved, three, false);

	(void)state;
	assert_int_equal(done.entry.hunks.v[0].rung, RQ_OFFSET);
	assert_int_equal(done.entry.hunks.v[1].rung, RQ_ABSENT);
	assert_int_equal(done.entry.hunks.v[2].rung, RQ_PRESENT);
	assert_false(done.entry.hunks.v[2].doubtful);
	release(&done);
}

static int read_nothing(void *ctx, const char *path, struct rq_slice *bytes,
			enum rq_mode *mode, struct rq_oid *oid, struct rq_err *err)
{
	(void)ctx;
	(void)bytes;
	(void)mode;
	(void)oid;
	return rq_err_set(err, RQ_EIO, "%s: broken", path);
}

/* Neither a tree nor its source that cannot be read is a conflict. */
static void test_unreadable_trees(void **state)
{
	static const struct held held[] = { { "a", "1\n2\n3\n4x\n5\n6\n", 0 }, { 0 } };
	static const char *const kinds[] = {
		"diff --git a/a b/a\nnew file mode 100644\n",
		"diff --git a/a b/a\ndeleted file mode 100644\n--- a/a\n+++ /dev/null\n"
		"@@ -1 +0,0 @@\n-1\n",
		"diff --git a/a b/a\nold mode 100644\nnew mode 100755\n",
		"diff --git a/a b/b\nsimilarity index 100%\nrename from a\nrename to b\n",
		"diff --git a/a b/b\nsimilarity index 100%\ncopy from a\ncopy to b\n",
	};
	const struct rq_reader broken = { .path = read_nothing };
	struct rq_image *good = new_image(held), *bad = rq_image_new(&broken);
	struct rq_patch *patch = read_patch("x.patch", OF_A EDIT_5("5", "five"));
	const struct rq_apply_options with_source = { .source = bad }, without = { 0 };
	struct rq_entry_record entry = { 0 }, other = { 0 };
	struct rq_err err = { 0 };
	bool present;

	(void)state;
	assert_int_equal(rq_apply(good, patch, &with_source, &entry, &err), RQ_EIO);
	assert_string_equal(err.msg, "source tree: a: broken");
	assert_int_equal(rq_apply(bad, patch, &without, &other, &err), RQ_EIO);
	assert_string_equal(err.msg, "a: broken");
	assert_int_equal(rq_patch_present(bad, patch, &present, &err), RQ_EIO);
	assert_int_equal(rq_apply_to_source(bad, patch, &err), RQ_EIO);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct rq_patch *kind = read_patch("y.patch", kinds[i]);
		struct rq_entry_record record = { 0 };

		if (rq_apply(bad, kind, &without, &record, &err) != RQ_EIO)
			fail_msg("%s", kinds[i]);
		rq_entry_release(&record);
		rq_patch_free(kind);
	}
	rq_entry_release(&entry);
	rq_entry_release(&other);
	rq_patch_free(patch);
	rq_image_free(good);
	rq_image_free(bad);
}

/* --- for a hand --- */

struct mark {
	const char *path, *text;
	enum rq_mode mode;
	size_t marks;
};

/* Marks the patch in @held; @want is what the hand gets, in order. */
static void assert_marked(const struct held *held, const struct held *source,
			  const char *text, const struct mark *want)
{
	struct rq_image *image = new_image(held);
	struct rq_image *from = source ? new_image(source) : NULL;
	struct rq_patch *patch = read_patch("x.patch", text);
	const struct rq_mark_options options = { .source = from,
						 .our_name = "ours",
						 .their_name = "theirs" };
	struct rq_marked_files got = { 0 };
	struct rq_err err = { 0 };
	size_t n = 0;

	assert_int_equal(rq_image_mark(&got, image, patch, &options, &err), 0);
	for (; want[n].path; n++) {
		assert_true(n < got.v.n);
		assert_string_equal(got.v.v[n].path, want[n].path);
		assert_slice(rq_str_slice(&got.v.v[n].text), want[n].text);
		assert_int_equal(got.v.v[n].mode, want[n].mode);
		assert_int_equal(got.v.v[n].marks, want[n].marks);
	}
	assert_int_equal(got.v.n, n);
	for (; held->path; held++)
		assert_file(image, held->path, held->text);
	rq_marked_files_release(&got);
	rq_patch_free(patch);
	rq_image_free(image);
	rq_image_free(from);
}

#define MARKED(ours, base, theirs)                                                       \
	"<<<<<<< ours\n" ours "||||||| what the patch changes\n" base "=======\n" theirs \
	">>>>>>> theirs\n"

static void test_mark_one(void **state)
{
	(void)state;
	assert_marked(
		(struct held[]){ { "a", "1\n2\n3\n4\nFIVE\n6\n7\n8\n9\n10\n", 0 },
				 { 0 } },
		NULL, OF_A EDIT_5("5", "five"),
		(struct mark[]){ { "a",
				   "1\n2\n3\n4\n" MARKED("FIVE\n", "5\n",
							 "five\n") "6\n7\n8\n9\n10\n",
				   RQ_MODE_FILE, 1 },
				 { 0 } });
	/* Nothing of it is there: it stands at its line, or at the end. */
	assert_marked((struct held[]){ { "a", "a\nb\nc\nd\ne\n", RQ_MODE_EXEC }, { 0 } },
		      NULL, OF_A EDIT_5("5", "five"),
		      (struct mark[]){ { "a",
					 "a\nb\nc\n" MARKED("", "4\n5\n6\n",
							    "4\nfive\n6\n") "d\ne\n",
					 RQ_MODE_EXEC, 1 },
				       { 0 } });
	assert_marked(
		(struct held[]){ { "a", "a\nb", 0 }, { 0 } }, NULL,
		OF_A EDIT_5("5", "five"),
		(struct mark[]){ { "a", "a\nb\n" MARKED("", "4\n5\n6\n", "4\nfive\n6\n"),
				   RQ_MODE_FILE, 1 },
				 { 0 } });
}

/* The first hunk is there, the second has a place, the third has none, the fourth has one again. */
static void test_mark_after_present(void **state)
{
	(void)state;
	assert_marked(
		(struct held[]){ { "a",
				   "1\ntwo\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n"
				   "16\nSEVENTEEN\n18\n19\n"
				   "20\n21\n22\n23\n24\n",
				   0 },
				 { 0 } },
		NULL,
		OF_A "@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n@@ -8,3 +8,4 @@\n "
		     "8\n-9\n+nine\n+and\n 10\n"
		     "@@ -16,3 +17,3 @@\n 16\n-17\n+seventeen\n 18\n@@ -22,3 +23,3 @@\n "
		     "22\n-23\n+twenty\n 24\n",
		(struct mark[]){
			{ "a",
			  "1\ntwo\n3\n4\n5\n6\n7\n8\nnine\nand\n10\n11\n12\n13\n14\n15\n1"
			  "6\n" MARKED("SEVENTEEN\n", "17\n",
				       "seventeen\n") "18\n19\n20\n21\n22\ntwenty\n24\n",
			  RQ_MODE_FILE, 1 },
			{ 0 } });
}

/* What was created or removed is one side of a conflict as a whole. */
static void test_mark_whole_files(void **state)
{
	static const char create[] = "--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+x\n+y\n";
	static const char remove[] = "--- a/o\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-x\n-y\n";

	(void)state;
	assert_marked(
		(struct held[]){ { "n", "x\nz\n", RQ_MODE_EXEC }, { 0 } }, NULL, create,
		(struct mark[]){ { "n", "x\n" MARKED("z\n", "", "y\n"), RQ_MODE_EXEC, 1 },
				 { 0 } });
	assert_marked(
		(struct held[]){ { "o", "x\nz\n", 0 }, { 0 } }, NULL, remove,
		(struct mark[]){ { "o", MARKED("x\nz\n", "x\ny\n", ""), RQ_MODE_FILE, 1 },
				 { 0 } });
	/* Those that have no conflict are made and go, beside one that has. */
	assert_marked(
		(struct held[]){ { "a", "x\n", 0 }, { "o", "x\ny\n", 0 }, { 0 } }, NULL,
		"--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+x\n+y\n"
		"--- a/o\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-x\n-y\n" OF_A EDIT_5("5",
										"five"),
		(struct mark[]){ { "n", "x\ny\n", RQ_MODE_FILE, 0 },
				 { "o", "", RQ_MODE_NONE, 0 },
				 { "a", "x\n" MARKED("", "4\n5\n6\n", "4\nfive\n6\n"),
				   RQ_MODE_FILE, 1 },
				 { 0 } });
	assert_marked(
		(struct held[]){ { "a", "x\n", 0 }, { 0 } }, NULL,
		"diff --git a/n b/n\nnew file mode 100755\n--- /dev/null\n+++ b/n\n@@ "
		"-0,0 +1 @@\n+x\n" OF_A EDIT_5("5", "five"),
		(struct mark[]){ { "n", "x\n", RQ_MODE_EXEC, 0 },
				 { "a", "x\n" MARKED("", "4\n5\n6\n", "4\nfive\n6\n"),
				   RQ_MODE_FILE, 1 },
				 { 0 } });
}

static void test_mark_rename(void **state)
{
	(void)state;
	assert_marked(
		(struct held[]){ { "a", "1\n2\n3\n4\nFIVE\n6\n", 0 }, { 0 } }, NULL,
		"diff --git a/a b/b\nold mode 100644\nnew mode 100755\nsimilarity index "
		"90%\nrename from a\nrename to b\n"
		"--- a/a\n+++ b/b\n" EDIT_5("5", "five"),
		(struct mark[]){ { "a", "", RQ_MODE_NONE, 0 },
				 { "b",
				   "1\n2\n3\n4\n" MARKED("FIVE\n", "5\n", "five\n") "6\n",
				   RQ_MODE_EXEC, 1 },
				 { 0 } });
}

/* With the file that the patch was made for, the whole file is merged. */
static void test_mark_by_source(void **state)
{
	(void)state;
	assert_marked(
		(struct held[]){ { "a", "0\n1\n2\n3\n4\nFIVE\n6\n7\n8\n9\n10\n", 0 },
				 { 0 } },
		(struct held[]){ { "a", TEN, 0 }, { 0 } }, OF_A EDIT_5("5", "five"),
		(struct mark[]){ { "a",
				   "0\n1\n2\n3\n4\n<<<<<<< ours\nFIVE\n||||||| the "
				   "patch's source\n5\n=======\n"
				   "five\n>>>>>>> theirs\n6\n7\n8\n9\n10\n",
				   RQ_MODE_FILE, 1 },
				 { 0 } });
	/* A source that the patch does not fit either is of no use. */
	assert_marked(
		(struct held[]){ { "a", "1\n2\n3\n4\nFIVE\n6\n", 0 }, { 0 } },
		(struct held[]){ { "a", "x\n", 0 }, { 0 } }, OF_A EDIT_5("5", "five"),
		(struct mark[]){ { "a",
				   "1\n2\n3\n4\n" MARKED("FIVE\n", "5\n", "five\n") "6\n",
				   RQ_MODE_FILE, 1 },
				 { 0 } });
}

static void test_mark_refuses(void **state)
{
	static const struct {
		const char *patch, *message;
	} rows[] = {
		{ OF_A EDIT_5("5", "five") OF_A EDIT_5("five", "cinq"),
		  "a: the patch changes it twice; split the patch" },
		{ "diff --git a/a b/a\nindex 1234567..89abcde 100644\nBinary files a/a "
		  "and b/a differ\n",
		  "a: a binary change cannot be taken up by hand here; write the branch "
		  "a patch of its own" },
	};
	const struct rq_mark_options options = { .our_name = "ours",
						 .their_name = "theirs" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rq_image *image =
			new_image((struct held[]){ { "a", "x\n", 0 }, { 0 } });
		struct rq_patch *patch = read_patch("x.patch", rows[i].patch);
		struct rq_marked_files got = { 0 };
		struct rq_err err = { 0 };

		assert_int_equal(rq_image_mark(&got, image, patch, &options, &err),
				 RQ_EQUEUE);
		assert_string_equal(err.msg, rows[i].message);
		rq_marked_files_release(&got);
		rq_patch_free(patch);
		rq_image_free(image);
	}
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
		cmocka_unit_test(test_present_rename),
		cmocka_unit_test(test_present_mode),
		cmocka_unit_test(test_present_file),
		cmocka_unit_test(test_present_hunks),
		cmocka_unit_test(test_certain_exact),
		cmocka_unit_test(test_certain_two_places),
		cmocka_unit_test(test_certain_part_present),
		cmocka_unit_test(test_present_beside_absent),
		cmocka_unit_test(test_unreadable_trees),
		cmocka_unit_test(test_mark_one),
		cmocka_unit_test(test_mark_after_present),
		cmocka_unit_test(test_mark_whole_files),
		cmocka_unit_test(test_mark_rename),
		cmocka_unit_test(test_mark_by_source),
		cmocka_unit_test(test_mark_refuses),
	};

	return cmocka_run_group_tests(tests, start_git, stop_git);
}
