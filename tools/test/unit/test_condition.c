// SPDX-License-Identifier: GPL-2.0-only
/*
 * Present-if lines: what is one, and when they hold.
 */
#include "image.h"

#include "queue/condition.h"

#define DIFF "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
#define HEAD(lines) "Subject: x\nFrom: A <a@b>\n\nx\n\n" lines "---\n" DIFF

static void what_is_no_condition_is_refused(void **state)
{
	static const struct {
		const char *lines, *message;
		enum rq_code code;
	} samples[] = {
		{ HEAD("Present-if: a.c\n"), "x.patch:6: Present-if: write", RQ_EFORMAT },
		{ HEAD("Present-if: a.c defines\n"), "x.patch:6: Present-if: write",
		  RQ_EFORMAT },
		{ HEAD("Present-if: a.c defines f g\n"), "x.patch:6: Present-if: write",
		  RQ_EFORMAT },
		{ HEAD("Present-if: a.c has f\n"), "x.patch:6: Present-if: write",
		  RQ_EFORMAT },
		{ HEAD("Present-if: a.c lacks f\nPresent-if: ../a.c defines f\n"),
		  "x.patch:7: Present-if: path '../a.c' has a '..' part", RQ_EUNSAFE },
		{ HEAD("Present-if: a.c lacks f\n"),
		  "x.patch: Present-if: at least one line must say 'defines'",
		  RQ_EFORMAT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_patch *patch = read_patch("x.patch", samples[i].lines);
		struct rq_conditions all = { 0 };
		struct rq_err err = { 0 };

		assert_int_equal(rq_conditions_read(&all, patch, &err), samples[i].code);
		if (!strstr(err.msg, samples[i].message))
			fail_msg("sample %zu: %s", i, err.msg);
		rq_conditions_release(&all);
		rq_patch_free(patch);
	}
}

static int read_broken(void *ctx, const char *path, struct rq_slice *bytes,
		       enum rq_mode *mode, struct rq_oid *oid, struct rq_err *err)
{
	(void)ctx;
	(void)bytes;
	(void)mode;
	(void)oid;
	return rq_err_set(err, RQ_EIO, "%s: broken", path);
}

static void conditions_hold_or_not(void **state)
{
	static const struct held held[] = {
		{ "a.c", "/* said(); */\nint made(void)\n{\n\treturn used();\n}\n", 0 },
		{ 0 }
	};
	static const struct {
		const char *lines, *why;
		bool hold;
	} samples[] = {
		{ HEAD(""), "", false },
		{ HEAD("Present-if: a.c defines made\n"), "a.c defines made", true },
		{ HEAD("Present-if: a.c defines used\n"), "not so: a.c defines used",
		  false },
		{ HEAD("Present-if: a.c defines said\n"), "not so: a.c defines said",
		  false },
		{ HEAD("Present-if: a.c defines other\n"), "not so: a.c defines other",
		  false },
		{ HEAD("Present-if: none.c defines made\n"),
		  "not so: none.c defines made", false },
		{ HEAD("Present-if: a.c defines made\nPresent-if: a.c lacks other\n"),
		  "a.c defines made; a.c lacks other", true },
		{ HEAD("Present-if: a.c defines made\nPresent-if: a.c lacks said\n"),
		  "a.c defines made; a.c lacks said", true },
		{ HEAD("Present-if: a.c defines made\nPresent-if: a.c lacks used\n"),
		  "not so: a.c lacks used", false },
		{ HEAD("Present-if: a.c defines made\nPresent-if: a.c lacks made\n"),
		  "not so: a.c lacks made", false },
		{ HEAD("Present-if: a.c lacks used\nPresent-if: a.c defines made\n"),
		  "not so: a.c lacks used", false },
		{ HEAD("Present-if: none.c lacks used\nPresent-if: a.c defines made\n"),
		  "none.c lacks used; a.c defines made", true },
	};
	const struct rq_reader broken = { .path = read_broken };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_image *image = new_image(held), *bad = rq_image_new(&broken);
		struct rq_patch *patch = read_patch("x.patch", samples[i].lines);
		struct rq_conditions all = { 0 };
		struct rq_err err = { 0 };
		char *why = NULL;
		bool hold;

		assert_int_equal(rq_conditions_read(&all, patch, &err), 0);
		assert_int_equal(rq_conditions_hold(&all, image, &hold, &why, &err), 0);
		if (hold != samples[i].hold ||
		    strcmp(why ? why : "", samples[i].why) != 0)
			fail_msg("sample %zu: %d: %s", i, hold, why ? why : "");
		free(why);
		why = NULL;
		assert_int_equal(rq_conditions_hold(&all, bad, &hold, &why, &err),
				 all.v.n ? RQ_EIO : 0);
		assert_null(why);
		rq_conditions_release(&all);
		rq_patch_free(patch);
		rq_image_free(image);
		rq_image_free(bad);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_condition_is_refused),
		cmocka_unit_test(conditions_hold_or_not),
	};

	return cmocka_run_group_tests_name("condition", tests, NULL, NULL);
}
