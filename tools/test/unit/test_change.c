// SPDX-License-Identifier: GPL-2.0-only
/*
 * The id that accepting an entry records: what is another change, and what is the same.
 */
#include "image.h"

#include "queue/queue_internal.h"

#define MAIL(subject) "From: A <a@example.org>\nSubject: " subject "\n\nWords.\n---\n"
#define OF_A "--- a/a.c\n+++ b/a.c\n"
#define BASE "int f(void)\n{\n\t1;\n\t2;\n\t3;\n\t4;\n\t5;\n\t6;\n\t7;\n\t8;\n\t9;\n}\n"
#define HUNK "@@ -5,3 +5,3 @@ int f(void)\n \t3;\n-\t4;\n+\tfour;\n \t5;\n"

/* The id of the change that a patch is in a tree of one file, as hex.  NULL: there is no patch. */
static void change_of(char hex[RQ_OID_HEX + 1], const char *text, const char *patch,
		      const struct rq_hunk_record *doubt)
{
	const struct held held[] = { { "a.c", text, 0 }, { 0 } };
	const struct rq_apply_options options = { .anchors = true };
	struct rq_walk walk = { .image = new_image(held) };
	struct rq_item item = { .patch = read_patch("x.patch", patch) };
	struct rq_entry_record entry = { .patch = rq_xstrdup("x.patch") };
	struct rq_err err = { 0 };

	assert_int_equal(rq_apply(walk.image, item.patch, &options, &entry, &err), 0);
	assert_int_not_equal(entry.outcome, RQ_CONFLICT);
	if (doubt) {
		entry.hunks.v[0].doubtful = doubt->doubtful;
		for (size_t i = 0; i < doubt->lacks.n; i++)
			*rq_vec_push(&entry.hunks.v[0].lacks) = (struct rq_lack){
				.kind = doubt->lacks.v[i].kind,
				.name = rq_xstrdup(doubt->lacks.v[i].name),
				.given = doubt->lacks.v[i].given,
			};
	}
	if (rq_walk_change(&walk, &item, &entry, &err))
		fail_msg("%s", err.msg);
	rq_oid_hex(hex, &entry.change);
	rq_entry_release(&entry);
	rq_image_free(walk.image);
	rq_patch_free(item.patch);
}

struct sample {
	const char *text, *patch;
};

/*
 * People's records hold these ids: one that reads otherwise makes them stale, and the version in the text
 * that is hashed must rise.
 */
static void assert_ids(char (*ids)[RQ_OID_HEX + 1], size_t n, const char *want)
{
	char hex[RQ_OID_HEX + 1];
	struct rq_str all = { 0 };
	struct rq_oid oid;

	for (size_t i = 0; i < n; i++)
		rq_str_addf(&all, "%s\n", ids[i]);
	rq_oid_of(&oid, RQ_OBJ_BLOB, all.s, all.len);
	assert_string_equal(rq_oid_hex(hex, &oid), want);
	rq_str_release(&all);
}

static void assert_changes(const struct sample *samples, size_t n, bool same,
			   const char *want)
{
	char ids[40][RQ_OID_HEX + 1];

	for (size_t i = 0; i < n; i++) {
		change_of(ids[i], samples[i].text, samples[i].patch, NULL);
		assert_string_not_equal(ids[i],
					"0000000000000000000000000000000000000000");
		for (size_t k = 0; k < i; k++)
			if ((strcmp(ids[i], ids[k]) == 0) != same)
				fail_msg("%zu and %zu: %s", k, i,
					 same ? "differ" : "are the same");
	}
	assert_ids(ids, n, want);
}

/* Wherever the lines around a hunk or its function are others, the change is another. */
static void what_makes_another_change(void **state)
{
	static const struct sample samples[] = {
		{ BASE, MAIL("one") OF_A HUNK },
		{ BASE, MAIL("two") OF_A HUNK },
		{ BASE,
		  "From: B <a@example.org>\nSubject: one\n\nWords.\n---\n" OF_A HUNK },
		{ BASE,
		  "From: A <b@example.org>\nSubject: one\n\nWords.\n---\n" OF_A HUNK },
		{ BASE,
		  "From: A <a@example.org>\nSubject: one\n\nMore.\n---\n" OF_A HUNK },
		{ BASE,
		  MAIL("one") OF_A "@@ -5,3 +5,3 @@ int f(void)\n \t3;\n-\t4;\n+\tFOUR;\n"
				   " \t5;\n" },
		{ BASE,
		  MAIL("one") OF_A "@@ -4,5 +4,5 @@ int f(void)\n \t2;\n \t3;\n-\t4;\n"
				   "+\tfour;\n \t5;\n \t6;\n" },
		/* Another function, and lines nearby. */
		{ "int "
		  "g(void)\n{\n\t1;\n\t2;\n\t3;\n\t4;\n\t5;\n\t6;\n\t7;\n\t8;\n\t9;\n}\n",
		  MAIL("one") OF_A "@@ -5,3 +5,3 @@\n \t3;\n-\t4;\n+\tfour;\n \t5;\n" },
		{ "int "
		  "f(void)\n{\n\t1;\n\tx;\n\t3;\n\t4;\n\t5;\n\t6;\n\t7;\n\t8;\n\t9;\n}\n",
		  MAIL("one") OF_A HUNK },
		{ "int "
		  "f(void)\n{\n\tx;\n\t2;\n\t3;\n\t4;\n\t5;\n\t6;\n\t7;\n\t8;\n\t9;\n}\n",
		  MAIL("one") OF_A HUNK },
		{ "int f(void)\n{ "
		  "x;\n\t1;\n\t2;\n\t3;\n\t4;\n\t5;\n\t6;\n\t7;\n\t8;\n\t9;\n}\n",
		  MAIL("one") OF_A HUNK },
		{ "int "
		  "f(void)\n{\n\t1;\n\t2;\n\t3;\n\t4;\n\t5;\n\tx;\n\t7;\n\t8;\n\t9;\n}\n",
		  MAIL("one") OF_A HUNK },
		{ "int "
		  "f(void)\n{\n\t1;\n\t2;\n\t3;\n\t4;\n\t5;\n\t6;\n\tx;\n\t8;\n\t9;\n}\n",
		  MAIL("one") OF_A HUNK },
		{ "int "
		  "f(void)\n{\n\t1;\n\t2;\n\t3;\n\t4;\n\t5;\n\t6;\n\t7;\n\tx;\n\t9;\n}\n",
		  MAIL("one") OF_A HUNK },
		/* At the begin and the end of a file. */
		{ "\t3;\n\t4;\n\t5;\n", MAIL("one") OF_A "@@ -1,3 +1,3 @@\n \t3;\n-\t4;\n"
							 "+\tfour;\n \t5;\n" },
		{ "\t2;\n\t3;\n\t4;\n\t5;\n",
		  MAIL("one") OF_A "@@ -2,3 +2,3 @@\n \t3;\n-\t4;\n"
				   "+\tfour;\n \t5;\n" },
		{ "\t3;\n\t4;\n\t5;\n\t6;\n",
		  MAIL("one") OF_A "@@ -1,3 +1,3 @@\n \t3;\n-\t4;\n"
				   "+\tfour;\n \t5;\n" },
		{ "\t4;\n", MAIL("one") OF_A "@@ -1 +0,0 @@\n-\t4;\n" },
		/* There already. */
		{ "int "
		  "f(void)\n{\n\t1;\n\t2;\n\t3;\n\tfour;\n\t5;\n\t6;\n\t7;\n\t8;\n\t9;\n}"
		  "\n",
		  MAIL("one") OF_A HUNK },
		{ "int "
		  "f(void)\n{\n\t1;\n\tx;\n\t3;\n\tfour;\n\t5;\n\t6;\n\t7;\n\t8;\n\t9;\n}"
		  "\n",
		  MAIL("one") OF_A HUNK },
		{ "int "
		  "f(void)\n{\n\t1;\n\t2;\n\t3;\n\tfour;\n\tx;\n\t6;\n\t7;\n\t8;\n\t9;\n}"
		  "\n",
		  MAIL("one") OF_A "@@ -5,3 +5,3 @@ int f(void)\n \t3;\n-\t4;\n+\tfour;\n"
				   " \tx;\n" },
		/* What no diff of the patch makes. */
		{ BASE, MAIL("one") OF_A HUNK "12c12\n< old\n---\n> new\n" },
		{ BASE, MAIL("one") OF_A HUNK "12c12\n< old\n---\n> newer\n" },
		{ BASE, "From: A <a@example.org>\nSubject: one\n\nWords.\n---\n"
			"Only in b: new.c\n" OF_A HUNK },
		{ BASE, "From: A <a@example.org>\nSubject: one\n\nWords.\n---\n"
			"Only in b: newer.c\n" OF_A HUNK },
	};

	(void)state;
	assert_changes(samples, ARRAY_SIZE(samples), false,
		       "6a6d138a1a58e795a2ba16a9d7fd56856ba4edd0");
}

/* Lines further off, and where in the file it is. */
static void what_is_the_same_change(void **state)
{
	static const struct sample samples[] = {
		{ BASE, MAIL("one") OF_A HUNK },
		{ "int "
		  "f(void)\n{\n\t1;\n\t2;\n\t3;\n\t4;\n\t5;\n\t6;\n\t7;\n\t8;\n\tx;\n}\n",
		  MAIL("one") OF_A HUNK },
		{ "\n\n" BASE, MAIL("one") OF_A HUNK },
		{ BASE, MAIL("one") "Text.\n" OF_A HUNK "-- \n2.39.5\n" },
	};

	(void)state;
	assert_changes(samples, ARRAY_SIZE(samples), true,
		       "0734adc04053bce3e147928cac2661f56d362050");
}

/* What speaks against a hunk is part of what was accepted. */
static void doubts_make_another_change(void **state)
{
	struct rq_lack one = { .kind = RQ_LACK_CALL, .name = "one", .given = 1 },
		       two = { .kind = RQ_LACK_CALL, .name = "two", .given = 1 },
		       given = { .kind = RQ_LACK_CALL, .name = "one", .given = 2 },
		       kind = { .kind = RQ_LACK_MEMBER, .name = "one", .given = 1 };
	struct rq_lack both[] = { one, two };
	const struct rq_hunk_record doubts[] = {
		{ .doubtful = false },
		{ .doubtful = true },
		{ .doubtful = true, .lacks = { .v = &one, .n = 1 } },
		{ .doubtful = true, .lacks = { .v = &two, .n = 1 } },
		{ .doubtful = true, .lacks = { .v = &given, .n = 1 } },
		{ .doubtful = true, .lacks = { .v = &kind, .n = 1 } },
		{ .doubtful = true, .lacks = { .v = both, .n = 2 } },
	};
	char ids[ARRAY_SIZE(doubts)][RQ_OID_HEX + 1], moved[RQ_OID_HEX + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(doubts); i++) {
		change_of(ids[i], BASE, MAIL("one") OF_A HUNK, &doubts[i]);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(ids[i], ids[k]);
	}
	assert_ids(ids, ARRAY_SIZE(doubts), "2c55f32867ac793558314e6286857d2715b14a86");
	/* Where it is counts then. */
	change_of(moved, "\n" BASE, MAIL("one") OF_A HUNK, &doubts[1]);
	assert_string_not_equal(moved, ids[1]);
}

/* A hunk that is there counts with the lines around it as the others have moved it. */
static void present_lines_move_with_the_hunks_before(void **state)
{
	static const char patch[] =
		MAIL("one") OF_A "@@ -2,2 +2,4 @@ int f(void)\n {\n+\ta;\n+\tb;\n \t1;\n"
				 "@@ -9,3 +11,3 @@ int f(void)\n \t7;\n-\t8;\n+\teight;\n"
				 " \t9;\n";
	char one[RQ_OID_HEX + 1], other[RQ_OID_HEX + 1];

	(void)state;
	change_of(one,
		  "int "
		  "f(void)\n{\n\t1;\n\t2;\n\t3;\n\t4;\n\t5;\n\t6;\n\t7;\n\teight;\n\t9;"
		  "\n}\n",
		  patch, NULL);
	assert_ids(&one, 1, "16ada6ea033171ff794b7f1edfba3bb15a692129");
	change_of(other,
		  "int "
		  "f(void)\n{\n\t1;\n\t2;\n\tx;\n\t4;\n\t5;\n\t6;\n\t7;\n\teight;\n\t9;"
		  "\n}\n",
		  patch, NULL);
	/* Line 3 is next to the first hunk only. */
	assert_string_not_equal(one, other);
	change_of(other,
		  "int "
		  "f(void)\n{\n\t1;\n\t2;\n\t3;\n\t4;\n\tx;\n\t6;\n\t7;\n\teight;\n\t9;"
		  "\n}\n",
		  patch, NULL);
	assert_string_not_equal(one, other);
}

int main(void)
{
	int failed;

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_makes_another_change),
		cmocka_unit_test(what_is_the_same_change),
		cmocka_unit_test(doubts_make_another_change),
		cmocka_unit_test(present_lines_move_with_the_hunks_before),
	};

	rq_git_init();
	failed = cmocka_run_group_tests_name("change", tests, NULL, NULL);
	rq_git_shutdown();
	return failed;
}
