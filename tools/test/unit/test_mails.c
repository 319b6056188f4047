// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mails in the forms that people send: how files are split, what a subject says, which mails make a
 * series, and the bytes that a queue gets.
 */
#include "scratch.h"

#include "import/import.h"

#define DIFF(name)                                                      \
	"diff --git a/" name " b/" name "\n--- a/" name "\n+++ b/" name \
	"\n@@ -1 +1 @@\n-old\n+new\n"
#define HEAD(subject)                                               \
	"From: A <a@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 " \
	"+0100\nSubject: " subject "\n"
#define FROM "From 0123 Mon Sep 17 00:00:00 2001\n"

/* What the files hold: subjects, in order; then what was reported. */
static char *subjects_of(struct scratch *s, const struct rq_mail_options *options,
			 const char *const *texts)
{
	struct rq_import import = { 0 };
	struct rq_str out = { 0 };
	char *paths[8];
	size_t n = 0;
	int rc;

	for (; texts[n]; n++) {
		_cleanup_free_ char *name = rq_xasprintf("mail%zu", n);

		write_file(s, name, texts[n], strlen(texts[n]));
		paths[n] = rq_xasprintf("%s/%s", s->dir, name);
	}
	rc = rq_import_mails(&import, paths, n, options, &s->err);
	for (size_t i = 0; !rc && i < import.patches.n; i++)
		rq_str_addf(&out, "%s\n",
			    import.patches.v[i].subject ? import.patches.v[i].subject
							: import.patches.v[i].path);
	for (size_t i = 0; !rc && i < import.said.v.n; i++)
		rq_str_addf(&out, "said: %s\n", import.said.v.v[i]);
	if (rc)
		rq_str_addf(&out, "refused: %s\n", s->err.msg);
	rq_import_release(&import);
	for (size_t i = 0; i < n; i++)
		free(paths[i]);
	return out.s;
}

struct sample {
	const char *texts[6];
	const char *want; /* "refused: " and what the message has, or all that is there */
};

static void check_samples(struct scratch *s, const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *got =
			subjects_of(s, &(struct rq_mail_options){ 0 }, samples[i].texts);
		const char *want = samples[i].want;
		bool refused = strncmp(want, "refused: ", 9) == 0;

		if (refused ? strncmp(got, want, 9) != 0 || !strstr(got, want + 9)
			    : strcmp(got, want) != 0)
			fail_msg("sample %zu: got\n%swanted\n%s", i, got, want);
	}
}

/* git mailsplit splits at any line that begins with "From " and ends with a time and a year. */
static void mboxes_are_split(void **state)
{
#define TWO(from)                                                            \
	{                                                                    \
		from HEAD("[PATCH] one") "\n---\n" DIFF("a") "\n" from HEAD( \
			"[PATCH] two") "\n---\n" DIFF("b")                   \
	}
	static const struct sample samples[] = {
		{ TWO("From 0123 Mon Sep 17 00:00:00 2001\n"), "one\ntwo\n" },
		{ TWO("From user at host.org  Wed Dec 20 23:44:24 2023\n"),
		  "one\ntwo\n" },
		{ TWO("From \"A B\" Wed Dec 20 23:44:24 2023\n"), "one\ntwo\n" },
		{ TWO("From a@b.org Wed Dec 20 23:44:24 2023 +0100\n"), "one\ntwo\n" },
		{ TWO("From a@b.org Wed Dec 20 23:44:24 CET 2023\n"), "one\ntwo\n" },
		{ TWO("From a@b.org 2023-12-20T23:44:24Z\n"), "one\ntwo\n" },
		{ TWO("From - \n"), "one\ntwo\n" },
		/* empty lines in front */
		{ { "\n \n" FROM HEAD("[PATCH] one") "\n" DIFF("a") "\n" FROM HEAD(
			  "[PATCH] two") "\n" DIFF("b") },
		  "one\ntwo\n" },
		{ { "\n" HEAD("[PATCH] one") "\n" DIFF("a") }, "one\n" },
		/* no empty line between two mails */
		{ { FROM HEAD("[PATCH] one") "\n" DIFF("a")
			    FROM HEAD("[PATCH] two") "\n" DIFF("b") },
		  "one\ntwo\n" },
		/* words of a message are no mail */
		{ { FROM HEAD("[PATCH] one") "\nFrom here on\n\nFrom now on, 12:30 is "
					     "late.\n" DIFF("a") },
		  "one\n" },
		/* neither may a file of several become one patch */
		{ { HEAD("[PATCH] one") "\n" DIFF("a") "\n" HEAD("[PATCH] two") "\n" DIFF(
			  "b") },
		  "refused: mail0:12: another mail begins here, without a line \"From \" "
		  "in front; "
		  "split the file" },
		/* a word of a patch file */
		{ { "From the tree of a board.\n\n" DIFF("a") }, "mail0\n" },
		{ { "From: A <a@example.org>\nSubject: one\n\n" DIFF("a") }, "mail0\n" },
	};

	check_samples(*state, samples, ARRAY_SIZE(samples));
}

int main(void)
{
#define SCRATCH(test) \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		SCRATCH(mboxes_are_split),
	};

	return cmocka_run_group_tests_name("mails", tests, NULL, NULL);
}
