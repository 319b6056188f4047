// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which later entries need one that failed: by its hunks, its files as a whole, its names.
 */
#include "image.h"

#include "queue/failed.h"
#include "semantic/semantic.h"

#define OF_A "--- a/a.c\n+++ b/a.c\n"
#define FAILED OF_A "@@ -1,3 +1,4 @@\n one();\n-old();\n+new();\n+more();\n two();\n"
#define GIT(extra) "diff --git a/a.c b/a.c\n" extra

struct asked {
	struct rq_item item;
	struct rq_failures failures;
	struct rq_image *image;
};

static void ask_of(struct asked *a, const char *failed, const struct held *held)
{
	static const struct held nothing[] = { { 0 } };

	*a = (struct asked){ .item = { .name = "failed",
				       .patch = read_patch("failed", failed) } };
	a->image = new_image(held ? held : nothing);
	a->failures.image = a->image;
	rq_failures_add(&a->failures, &a->item, false, &(struct rq_names){ 0 });
}

static void asked_release(struct asked *a)
{
	rq_failures_release(&a->failures);
	rq_patch_free(a->item.patch);
	rq_image_free(a->image);
}

/* A record of all hunks of @patch, or of its files as a whole, with @rung. */
static void record_all(struct rq_entry_record *entry, const struct rq_patch *patch,
		       enum rq_outcome rung)
{
	for (size_t i = 0; i < patch->n_files; i++) {
		const struct rq_filediff *diff = &patch->files[i];
		const char *path = diff->new_path ? diff->new_path : diff->old_path;

		for (size_t k = 0; k < diff->n_hunks + !diff->n_hunks; k++)
			*rq_vec_push(&entry->hunks) = (struct rq_hunk_record){
				.file = rq_xstrdup(path),
				.hunk = diff->n_hunks ? (long)k + 1 : 0,
				.rung = rung
			};
	}
}

enum { CONFLICT = 1, PRESENT = 2, WHOLE = 4, CONTEXT = 8 };

static const struct {
	const char *failed, *later;
	unsigned by; /* whose answer is the failed one */
} needs[] = {
	/* 0: what the failed one adds is changed, or is the context. */
	{ FAILED, OF_A "@@ -1,3 +1,3 @@\n one();\n-new();\n+newer();\n more();\n",
	  CONFLICT | CONTEXT },
	{ FAILED, OF_A "@@ -2,3 +2,4 @@\n new();\n more();\n+most();\n two();\n",
	  CONFLICT | CONTEXT },
	{ FAILED, OF_A "@@ -3,2 +3,3 @@\n more();\n+most();\n two();\n",
	  CONFLICT | CONTEXT },
	/* 3: the old text, other lines, another file. */
	{ FAILED, OF_A "@@ -1,3 +1,3 @@\n one();\n-old();\n+older();\n two();\n", 0 },
	{ FAILED, OF_A "@@ -1,2 +1,3 @@\n one();\n+zero();\n three();\n", 0 },
	{ FAILED,
	  "--- a/b.c\n+++ b/b.c\n@@ -1,3 +1,3 @@\n one();\n-new();\n+newer();\n "
	  "more();\n",
	  0 },
	/* 6: it is taken back: then it looks as if it were there. */
	{ FAILED, OF_A "@@ -1,4 +1,3 @@\n one();\n-new();\n-more();\n+old();\n two();\n",
	  CONFLICT | PRESENT | WHOLE | CONTEXT },
	{ FAILED, OF_A "@@ -1,4 +1,4 @@\n one();\n-new();\n+old();\n more();\n two();\n",
	  CONFLICT | CONTEXT },
	/* 8: a file that it makes is changed, or goes. */
	{ GIT("new file mode 100644\n--- /dev/null\n+++ b/a.c\n@@ -0,0 +1 @@\n+one();\n"),
	  OF_A "@@ -1 +1 @@\n-one();\n+two();\n", CONFLICT | CONTEXT },
	{ GIT("new file mode 100644\n--- /dev/null\n+++ b/a.c\n@@ -0,0 +1 @@\n+one();\n"),
	  GIT("deleted file mode 100644\n--- a/a.c\n+++ /dev/null\n@@ -1 +0,0 "
	      "@@\n-one();\n"),
	  CONFLICT | PRESENT | WHOLE | CONTEXT },
	{ GIT("new file mode 100644\n"), GIT("deleted file mode 100644\n"),
	  CONFLICT | PRESENT | WHOLE },
	{ GIT("new file mode 100644\n"), GIT("old mode 100644\nnew mode 100755\n"),
	  CONFLICT },
	/* 12: a file that it takes away is made again. */
	{ GIT("deleted file mode 100644\n"), GIT("new file mode 100644\n"),
	  CONFLICT | PRESENT | WHOLE },
	{ GIT("deleted file mode 100644\n"), GIT("old mode 100644\nnew mode 100755\n"),
	  0 },
	{ GIT("deleted file mode 100644\n"),
	  "diff --git a/b.c b/a.c\nrename from b.c\nrename to a.c\n",
	  CONFLICT | PRESENT | WHOLE },
	{ "diff --git a/a.c b/b.c\nrename from a.c\nrename to b.c\n",
	  "diff --git a/b.c b/a.c\nrename from b.c\nrename to a.c\n",
	  CONFLICT | PRESENT | WHOLE },
	{ "diff --git a/a.c b/b.c\nrename from a.c\nrename to b.c\n",
	  "diff --git a/b.c b/b.c\nold mode 100644\nnew mode 100755\n", CONFLICT },
	/* 17: what it takes away stands in the way, as a file or as a directory. */
	{ "diff --git a/d b/d\ndeleted file mode 100644\n",
	  "diff --git a/d/e b/d/e\nnew file mode 100644\n", CONFLICT },
	{ "diff --git a/d/e b/d/e\ndeleted file mode 100644\n",
	  "diff --git a/d b/d\nnew file mode 100644\n", CONFLICT },
	{ "diff --git a/d b/d\ndeleted file mode 100644\n",
	  "diff --git a/de b/de\nnew file mode 100644\n", 0 },
	{ "diff --git a/d/e b/d/e\nnew file mode 100644\n",
	  "diff --git a/d b/d\nnew file mode 100644\n", 0 },
	{ "diff --git a/de b/de\ndeleted file mode 100644\n",
	  "diff --git a/d b/d\nnew file mode 100644\n", 0 },
	/* 22: modes. */
	{ GIT("old mode 100644\nnew mode 100755\n"),
	  GIT("old mode 100755\nnew mode 100644\n"), CONFLICT | PRESENT | WHOLE },
	{ GIT("old mode 100644\nnew mode 100755\n"),
	  GIT("old mode 100644\nnew mode 100755\n"), CONFLICT },
	{ GIT("old mode 100644\nnew mode 100755\n"),
	  "diff --git a/b.c b/b.c\nold mode 100755\nnew mode 100644\n", 0 },
};

static void hunks_and_files_need_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(needs); i++) {
		static const enum rq_outcome rungs[] = { RQ_CONFLICT, RQ_PRESENT,
							 RQ_ANCHORED };
		struct rq_patch *later = read_patch("later", needs[i].later);
		struct rq_entry_record entries[ARRAY_SIZE(rungs)] = { 0 };
		struct asked a;
		unsigned by = 0;

		ask_of(&a, needs[i].failed, NULL);
		for (size_t k = 0; k < ARRAY_SIZE(rungs); k++)
			record_all(&entries[k], later, rungs[k]);
		if (rq_failures_behind_conflict(&a.failures, later, &entries[0]))
			by |= CONFLICT;
		if (rq_failures_behind_presence(&a.failures, later, &entries[1]))
			by |= PRESENT;
		if (rq_failures_behind_context(&a.failures, later, &entries[2]))
			by |= CONTEXT;
		if (rq_failures_behind_patch(&a.failures, later))
			by |= WHOLE;
		/* A file as a whole is never anchored. */
		if (!later->files[0].n_hunks)
			by &= ~CONTEXT;
		if (by != needs[i].by)
			fail_msg("sample %zu: %#x", i, by);
		/* Each question is about its own kind of hunk. */
		assert_null(rq_failures_behind_conflict(&a.failures, later, &entries[1]));
		assert_null(rq_failures_behind_presence(&a.failures, later, &entries[0]));
		assert_null(rq_failures_behind_context(&a.failures, later, &entries[0]));
		for (size_t k = 0; k < ARRAY_SIZE(rungs); k++)
			rq_entry_release(&entries[k]);
		rq_patch_free(later);
		asked_release(&a);
	}
}

/* A conflict is behind it only where all of its hunks are; one of what is there is enough. */
static void one_hunk_by_itself(void **state)
{
	struct rq_patch *later = read_patch(
		"later",
		OF_A "@@ -1,4 +1,3 @@\n one();\n-new();\n-more();\n+old();\n two();\n"
		     "@@ -9,2 +8,3 @@\n nine();\n+and();\n ten();\n");
	struct rq_entry_record conflict = { 0 }, there = { 0 };
	struct asked a;

	(void)state;
	ask_of(&a, FAILED, NULL);
	record_all(&conflict, later, RQ_CONFLICT);
	record_all(&there, later, RQ_PRESENT);
	assert_null(rq_failures_behind_conflict(&a.failures, later, &conflict));
	assert_string_equal(rq_failures_behind_presence(&a.failures, later, &there),
			    "failed");
	conflict.hunks.v[1].rung = RQ_EXACT;
	assert_string_equal(rq_failures_behind_conflict(&a.failures, later, &conflict),
			    "failed");
	rq_entry_release(&conflict);
	rq_entry_release(&there);
	rq_patch_free(later);
	asked_release(&a);
}

#define DEFINES OF_A "@@ -1,2 +1,5 @@\n one();\n+int made(void)\n+{\n+}\n two();\n"
#define UNDEFINES OF_A "@@ -1,5 +1,2 @@\n one();\n-int made(void)\n-{\n-}\n two();\n"

static void conditions_need_it(void **state)
{
	static const struct {
		const char *failed;
		struct rq_condition c;
		bool hold, by;
	} samples[] = {
		/* It is not there for want of the failed one, or is for that. */
		{ DEFINES, { "a.c", "made", true }, false, true },
		{ DEFINES, { "a.c", "made", true }, true, false },
		{ DEFINES, { "a.c", "made", false }, true, true },
		{ DEFINES, { "a.c", "made", false }, false, false },
		{ UNDEFINES, { "a.c", "made", true }, true, true },
		{ UNDEFINES, { "a.c", "made", true }, false, false },
		{ UNDEFINES, { "a.c", "made", false }, false, true },
		{ UNDEFINES, { "a.c", "made", false }, true, false },
		{ DEFINES, { "b.c", "made", true }, false, false },
		{ DEFINES, { "a.c", "other", true }, false, false },
		{ DEFINES, { "a.c", "mad", true }, false, false },
		/* Both sides have it. */
		{ OF_A "@@ -1,2 +1,2 @@\n-made(1);\n+made(2);\n two();\n",
		  { "a.c", "made", true },
		  false,
		  false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_condition c = samples[i].c;
		const struct rq_conditions all = { .v = { .v = &c, .n = 1 } };
		struct asked a;
		const char *by;

		ask_of(&a, samples[i].failed, NULL);
		by = rq_failures_behind_conditions(&a.failures, &all, samples[i].hold);
		if (!by != !samples[i].by)
			fail_msg("sample %zu: %s", i, by ? by : "nobody");
		asked_release(&a);
	}
}

static void parse_rule(struct rq_rule *rule, const char *text)
{
	struct rq_str bytes = { 0 };
	struct rq_err err = { 0 };

	rq_str_adds(&bytes, text);
	if (rq_rule_parse(rule, "x.cocci", &bytes, &err))
		fail_msg("%s", err.msg);
	rq_str_release(&bytes);
}

#define HEAD(lines) "/*\n * Subject: x\n * From: A <a@b>\n * ---\n" lines " */\n"
#define TO_MADE "@@ expression e; @@\n- old(e)\n+ made(e)\n"

static void rules_need_it(void **state)
{
	static const struct held has[] = { { "a.c", "int made(void)\n{\n}\n", 0 },
					   { 0 } };
	static const struct {
		const char *failed, *rule;
		const struct held *held;
		bool runs,
			nothing; /* the answers of _behind_rule() and _behind_nothing() */
	} samples[] = {
		{ DEFINES, TO_MADE, NULL, true, false },
		{ UNDEFINES, TO_MADE, NULL, false, false },
		{ OF_A
		  "@@ -1,2 +1,2 @@\n-int made(int a) { }\n+int made(void) { }\n two();\n",
		  TO_MADE, NULL, false, false },
		{ OF_A "@@ -1,2 +1,3 @@\n one();\n+made();\n two();\n", TO_MADE, NULL,
		  false, false },
		/* What the rule finds is what it would have given it. */
		{ OF_A "@@ -1,2 +1,3 @@\n one();\n+old(1);\n two();\n", TO_MADE, NULL,
		  false, true },
		{ OF_A "@@ -1,2 +1,2 @@\n-old(1);\n+old(2);\n two();\n", TO_MADE, NULL,
		  false, false },
		{ OF_A "@@ -1,2 +1,1 @@\n-old(1);\n two();\n", TO_MADE, NULL, false,
		  false },
		{ OF_A "@@ -1,2 +1,3 @@\n one();\n+gone(1);\n two();\n",
		  HEAD(" * Expect-none: gone\n") TO_MADE, NULL, false, true },
		{ "--- /dev/null\n+++ b/include/h.h\n@@ -0,0 +1 @@\n+int x;\n",
		  HEAD(" * Spatch-include: include/h.h\n") TO_MADE, NULL, true, false },
		{ "--- a/include/h.h\n+++ b/include/h.h\n@@ -1 +1,2 @@\n int y;\n+int "
		  "x;\n",
		  HEAD(" * Spatch-include: include/h.h\n") TO_MADE, NULL, false, false },
		{ DEFINES, TO_MADE, has, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_rule rule = { 0 };
		struct rq_file *file;
		struct rq_err err;
		struct asked a;
		bool runs, nothing;

		parse_rule(&rule, samples[i].rule);
		ask_of(&a, samples[i].failed, samples[i].held);
		assert_int_equal(rq_image_file(a.image, "a.c", &file, &err), 0);
		runs = rq_failures_behind_rule(&a.failures, &rule);
		nothing = rq_failures_behind_nothing(&a.failures, &rule);
		if (runs != samples[i].runs || nothing != samples[i].nothing)
			fail_msg("sample %zu: runs %d, nothing %d", i, runs, nothing);
		rq_rule_release(&rule);
		asked_release(&a);
	}
}

/* Names that are left: all of them must be the failed one's. */
static void names_left_need_it(void **state)
{
	char file[] = "a.c", other[] = "b.c", gone[] = "gone", kept[] = "kept";
	struct rq_note notes[] = {
		{ RQ_NOTE_COMMENT, other, 1, gone },
		{ RQ_NOTE_LEFT, other, 1, kept },
		{ RQ_NOTE_LEFT, file, 1, gone },
		{ RQ_NOTE_LEFT, other, 2, gone },
	};
	struct rq_entry_record entry = { .notes = { .v = notes, .n = 3 } };
	struct rq_rule rule = { 0 };
	struct asked a;

	(void)state;
	parse_rule(&rule, HEAD(" * Expect-none: gone\n") TO_MADE);
	ask_of(&a, OF_A "@@ -1,2 +1,1 @@\n one();\n-gone(1);\n", NULL);
	assert_string_equal(rq_failures_behind_left(&a.failures, &rule, &entry),
			    "failed");
	entry.notes.n = 4;
	assert_null(rq_failures_behind_left(&a.failures, &rule, &entry));
	entry.notes.n = 2;
	assert_null(rq_failures_behind_left(&a.failures, &rule, &entry));
	asked_release(&a);
	entry.notes.n = 3;
	ask_of(&a, OF_A "@@ -1,2 +1,2 @@\n-gone(1);\n+gone(2);\n one();\n", NULL);
	assert_null(rq_failures_behind_left(&a.failures, &rule, &entry));
	asked_release(&a);
	rq_rule_release(&rule);
}

int main(void)
{
	int failed;

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hunks_and_files_need_it),
		cmocka_unit_test(one_hunk_by_itself),
		cmocka_unit_test(conditions_need_it),
		cmocka_unit_test(rules_need_it),
		cmocka_unit_test(names_left_need_it),
	};

	rq_git_init();
	failed = cmocka_run_group_tests_name("failed", tests, NULL, NULL);
	rq_git_shutdown();
	return failed;
}
