// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mails in the forms that people send: how files are split, what a subject says, which mails make a
 * series, and the bytes that a queue gets.
 */
#include "scratch.h"

#include "import/import.h"
#include "import/mail_internal.h"

#define DIFF(name)                                                      \
	"diff --git a/" name " b/" name "\n--- a/" name "\n+++ b/" name \
	"\n@@ -1 +1 @@\n-old\n+new\n"
#define HEAD(subject)                                               \
	"From: A <a@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 " \
	"+0100\nSubject: " subject "\n"
#define FROM "From 0123 Mon Sep 17 00:00:00 2001\n"

/* With "DIR" for the scratch directory. */
static void add_said(const struct scratch *s, struct rq_str *out, const char *said)
{
	const char *dir;

	rq_str_adds(out, "said: ");
	for (; (dir = strstr(said, s->dir)); said = dir + strlen(s->dir))
		rq_str_addf(out, "%.*sDIR", (int)(dir - said), said);
	rq_str_addf(out, "%s\n", said);
}

/* Its subject, and how many credits it got where one was to be had. */
static void add_patch(struct rq_str *out, const struct rq_imported *p)
{
	rq_str_addf(out, "%s", p->subject ? p->subject : p->path);
	rq_str_adds(out, strstr(p->bytes.s, "\nReviewed-by: R ") ? " +1\n" : "\n");
}

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
		add_patch(&out, &import.patches.v[i]);
	for (size_t i = 0; !rc && i < import.said.v.n; i++)
		add_said(s, &out, import.said.v.v[i]);
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

static void check_sample(struct scratch *s, size_t i,
			 const struct rq_mail_options *options, const char *const *texts,
			 const char *want)
{
	_cleanup_free_ char *got = subjects_of(s, options, texts);
	bool refused = strncmp(want, "refused: ", 9) == 0;

	if (refused ? strncmp(got, want, 9) != 0 || !strstr(got, want + 9)
		    : strcmp(got, want) != 0)
		fail_msg("sample %zu: got\n%swanted\n%s", i, got, want);
}

static void check_samples(struct scratch *s, const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_sample(s, i, &(struct rq_mail_options){ 0 }, samples[i].texts,
			     samples[i].want);
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

#define MAIL(subject, id, diff) \
	FROM HEAD(subject) "Message-Id: <" id ">\n\n---\n" diff "\n"
#define ANSWER(subject, id, to, diff)                                                  \
	FROM HEAD(subject) "Message-Id: <" id ">\nIn-Reply-To: <" to ">\n\n---\n" diff \
			   "\n"
#define OTHER(subject, id, diff)                                                \
	FROM "From: B <b@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\n" \
	     "Subject: " subject "\nMessage-Id: <" id ">\n\n---\n" diff "\n"

static void what_brackets_say(void **state)
{
	static const struct sample samples[] = {
		{ { MAIL("[net,v2,2/2] two", "2", DIFF("b"))
			    MAIL("[net,v2,1/2] one", "1", DIFF("a")) },
		  "one\ntwo\n" },
		{ { MAIL("[net-next,RFC,v3,#2/2] two", "2", DIFF("b"))
			    MAIL("[PATCH #1/2 v3] one", "1", DIFF("a")) },
		  "one\ntwo\n" },
		{ { MAIL("[PATCH 2 of 2] two", "2", DIFF("b"))
			    MAIL("[PATCH 1 of 2] one", "1", DIFF("a")) },
		  "one\ntwo\n" },
		{ { MAIL("[PATCH v2.1 1/1] later", "3", DIFF("a"))
			    MAIL("[PATCH v2 1/1] one", "1", DIFF("a")) },
		  "later\n" },
		/* kernels are no versions */
		{ { MAIL("[PATCH v6.1] one", "1", DIFF("a"))
			    MAIL("[PATCH v5.10] one", "2", DIFF("a")) },
		  "one\none\n" },
		{ { MAIL("[list] [PATCH 1/1] t", "1", DIFF("a")) }, "t\n" },
		{ { MAIL("[RESEND][PATCH v2] t", "1", DIFF("a")) }, "t\n" },
		{ { MAIL("[Patch 1/2]: t", "1", DIFF("a"))
			    MAIL("[list] [patch 2/2] : u", "2", DIFF("b")) },
		  "t\nu\n" },
		{ { MAIL("[PATCH of 2] t", "1", DIFF("a"))
			    MAIL("[PATCH , ,] u", "2", DIFF("b")) },
		  "t\nu\n" },
	};

	check_samples(*state, samples, ARRAY_SIZE(samples));
}

static void which_mails_make_a_series(void **state)
{
	static const struct sample samples[] = {
		/* one mail that came by two lists */
		{ { MAIL("[PATCH] t", "1", DIFF("a")) MAIL("[PATCH] t", "1", DIFF("a")) },
		  "t\n" },
		{ { MAIL("[PATCH 1/1] t", "1", DIFF("a"))
			    MAIL("[PATCH 1/1] t", "1", DIFF("a")) },
		  "t\n" },
		/* sent again */
		{ { MAIL("[PATCH] t", "1", DIFF("a"))
			    MAIL("[PATCH RESEND] t", "2", DIFF("a")) },
		  "t\nsaid: t: was sent again, DIR/mail0:15 is taken\n" },
		{ { MAIL("[PATCH 1/2] one", "1", DIFF("a"))
			    MAIL("[PATCH 2/2] two", "2", DIFF("b"))
				    MAIL("[PATCH RESEND 2/2] again", "3", DIFF("b")) },
		  "one\nagain\n" },
		{ { MAIL("[PATCH] t", "1", DIFF("a"))
			    OTHER("[PATCH RESEND] t", "2", DIFF("b")) },
		  "refused: are both v1 of one patch; give one of them" },
		{ { MAIL("[PATCH 1/1] t", "1", DIFF("a"))
			    OTHER("[PATCH RESEND 1/1] t", "2", DIFF("b")) },
		  "refused: two series are mixed" },
		/* a later addition */
		{ { MAIL("[PATCH 3/2] three", "3", DIFF("c"))
			    MAIL("[PATCH 1/2] one", "1", DIFF("a"))
				    MAIL("[PATCH 2/2] two", "2", DIFF("b")) },
		  "one\ntwo\nthree\nsaid: DIR/mail0 is 3/2, sent later: it follows the "
		  "series\n" },
		/* a version of a part */
		{ { MAIL("[PATCH v2 1/2] one", "1", DIFF("a"))
			    MAIL("[PATCH v2 2/2] two", "2", DIFF("b"))
				    ANSWER("[PATCH v3 2/2] new", "3", "2", DIFF("c")) },
		  "one\nnew\nsaid: 1/2 is that of v2: v3 changes a part of it\n" },
		{ { MAIL("[PATCH v2 1/2] one", "1", DIFF("a"))
			    MAIL("[PATCH v2 2/2] two", "2", DIFF("b"))
				    MAIL("[PATCH v3 2/2] new", "3", DIFF("c")) },
		  "one\ntwo\nsaid: v2 is taken: of v3 1/2 is missing\n" },
	};

	check_samples(*state, samples, ARRAY_SIZE(samples));
}

#define STRANGER(subject, id, diff)                                             \
	FROM "From: M <m@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\n" \
	     "Subject: " subject "\nMessage-Id: <" id ">\n\n---\n" diff "\n"

#define B4 "From git@z Thu Jan  1 00:00:00 1970\n"

static void who_may_send_a_part(void **state)
{
#define V1 MAIL("[PATCH 1/2] one", "1", DIFF("a")) MAIL("[PATCH 2/2] two", "2", DIFF("b"))
	static const struct sample samples[] = {
		/* a patch of another in the newest version */
		{ { V1 MAIL("[PATCH v2 1/2] one", "3", DIFF("a"))
			    STRANGER("[PATCH v2 2/2] two", "4", DIFF("c")) },
		  "refused: v2 2/2 is from m@example.org (" },
		{ { MAIL("[PATCH 1/2] one", "1", DIFF("a"))
			    STRANGER("[PATCH 2/2] two", "2", DIFF("c")) },
		  "refused: say with --version 1 that all of it is meant" },
		/* the cover letter */
		{ { STRANGER("[PATCH 0/2] cover", "0", "") V1 },
		  "refused: v1 1/2 is from a@example.org (" },
		{ { V1 STRANGER("[PATCH 0/2] cover", "0", "") },
		  "refused: 0/2 from m@example.org (" },
		/* an addition */
		{ { V1 STRANGER("[PATCH 3/2] three", "3", DIFF("c")) },
		  "one\ntwo\nsaid: DIR/mail0:29 is 3/2 from m@example.org, the series is "
		  "from a@example.org: it is left out\n" },
		{ { MAIL("[PATCH 1/2] one", "1", DIFF("a")),
		    MAIL("[PATCH 2/2] two", "2", DIFF("b")),
		    STRANGER("[PATCH 4/2] four", "4", DIFF("c")) },
		  "one\ntwo\nsaid: DIR/mail2 is 4/2 from m@example.org, the series is "
		  "from "
		  "a@example.org: it is left out\n" },
		/* mails of b4 am, whose first lines no sender writes, have, too */
		{ { B4 "From: A <a@example.org>\nMessage-Id: <1>\nDate: Wed, 20 Dec 2023 "
		       "23:44:24 +0100\nSubject: [PATCH 1/2] one\n\n---\n" DIFF("a") B4
		    "From: M <m@example.org>\nMessage-Id: <2>\nDate: Wed, 20 Dec 2023 "
		    "23:44:24 +0100\nSubject: [PATCH 2/2] two\n\n---\n" DIFF("b") },
		  "one\ntwo\n" },
		/* files of git format-patch have the authors of their patches */
		{ { FROM HEAD("[PATCH 1/2] one") "\n---\n" DIFF("a"),
		    FROM "From: M <m@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 "
			 "+0100\nSubject: [PATCH 2/2] two\n\n---\n" DIFF("b") },
		  "one\ntwo\n" },
	};
	static const char *const mixed[] = { MAIL("[PATCH 1/2] one", "1", DIFF("a"))
						     STRANGER("[PATCH 2/2] two", "2",
							      DIFF("c")),
					     NULL };

	check_samples(*state, samples, ARRAY_SIZE(samples));
	check_sample(*state, 100, &(struct rq_mail_options){ .version = 1 }, mixed,
		     "one\ntwo\nsaid: v1 2/2 is from m@example.org, 1/2 from "
		     "a@example.org: both are taken\n");
	check_sample(*state, 101, &(struct rq_mail_options){ .parts = "1" }, mixed,
		     "one\nsaid: of v1 2/2 is left out\n");
}

#define AT(day, subject, id, diff)                                              \
	FROM "From: A <a@example.org>\nDate: " day " Dec 2023 23:44:24 +0100\n" \
	     "Subject: " subject "\nMessage-Id: <" id ">\n\n---\n" diff "\n"
#define CHANGE(name, old, new)                                          \
	"diff --git a/" name " b/" name "\n--- a/" name "\n+++ b/" name \
	"\n@@ -1,2 +1,2 @@\n x\n-" old "\n+" new "\n"

/* One version that was sent twice: the later by date, wherever it is in the file. */
static void mails_without_a_version_sent_again(void **state)
{
#define OLD_1 AT("4", "[PATCH 1/2] one", "1", DIFF("a"))
#define OLD_2 AT("4", "[PATCH 2/2] two", "2", DIFF("b"))
#define NEW_1 AT("5", "[PATCH 1/2] one", "3", DIFF("c"))
#define NEW_2 AT("5", "[PATCH 2/2] two", "4", DIFF("d"))
	static const struct sample samples[] = {
		{ { OLD_1, OLD_2, NEW_1, NEW_2 },
		  "one\ntwo\nsaid: sent more than once as one version, of which the "
		  "latest "
		  "by date is taken: 1/2 (DIR/mail2), 2/2 (DIR/mail3)\n" },
		{ { NEW_2, NEW_1, OLD_1, OLD_2 },
		  "one\ntwo\nsaid: sent more than once as one version, of which the "
		  "latest "
		  "by date is taken: 1/2 (DIR/mail1), 2/2 (DIR/mail0)\n" },
		/* a part of it */
		{ { OLD_1, OLD_2, NEW_2 },
		  "one\ntwo\nsaid: sent more than once as one version, of which the "
		  "latest "
		  "by date is taken: 2/2 (DIR/mail2)\n" },
		/* one mail, thrice */
		{ { OLD_1 NEW_1 AT("3", "[PATCH 1/2] one", "5", DIFF("a")) },
		  "one\nsaid: a part of the series is taken: of v1 2/2 is missing\nsaid: "
		  "sent more than once as one version, of which the latest by date is "
		  "taken: 1/2 (DIR/mail0:15)\n" },
		/* dates, titles, brackets and senders have to tell */
		{ { OLD_1, OLD_2, AT("4", "[PATCH 1/2] one", "3", DIFF("c")) },
		  "refused: two series are mixed" },
		{ { OLD_1, OLD_2, AT("5", "[PATCH 1/2] uno", "3", DIFF("c")) },
		  "refused: two series are mixed" },
		{ { OLD_1, OLD_2, AT("5", "[PATCH 6.1 1/2] one", "3", DIFF("c")) },
		  "refused: two series are mixed" },
		{ { OLD_1, OLD_2,
		    FROM
		    "From: B <b@example.org>\nDate: 5 Dec 2023 23:44:24 +0100\nSubject: "
		    "[PATCH 1/2] one\nMessage-Id: <3>\n\n---\n" DIFF("c") },
		  "refused: two series are mixed" },
		/* without a number: where not both can be applied */
		{ { AT("5", "[PATCH] t", "1", CHANGE("a", "old", "newer")),
		    AT("4", "[PATCH] t", "2", CHANGE("a", "old", "new")) },
		  "t\nsaid: t: was sent more than once as one version, the latest by "
		  "date is "
		  "taken (DIR/mail0)\n" },
		{ { AT("5", "[PATCH] t", "1", DIFF("x") CHANGE("a", "old", "newer")),
		    AT("4", "[PATCH] t", "2", CHANGE("a", "old", "new")) },
		  "t\nsaid: t: was sent more than once as one version, the latest by "
		  "date is "
		  "taken (DIR/mail0)\n" },
		{ { AT("5", "[PATCH] t", "1", CHANGE("a", "new", "newer")),
		    AT("4", "[PATCH] t", "2", CHANGE("a", "old", "new")) },
		  "t\nt\n" },
		{ { AT("5", "[PATCH] t", "1", CHANGE("a", "old", "new")),
		    AT("4", "[PATCH] t", "2", CHANGE("b", "old", "new")) },
		  "t\nt\n" },
		{ { AT("5", "[PATCH 6.1] t", "1", DIFF("a")),
		    AT("4", "[PATCH 6.6] t", "2", DIFF("a")) },
		  "t\nt\n" },
		{ { AT("5", "[PATCH v2] t", "1", DIFF("a")),
		    AT("4", "[PATCH v2] t", "2", DIFF("a")),
		    AT("3", "[PATCH] t", "3", DIFF("a")) },
		  "t\nsaid: t: v2 is taken, and no earlier one\n" },
	};
	static const char *const changed[] = {
		AT("4", "[PATCH 0/1] cover", "0", ""),
		AT("4", "[PATCH 1/1] one", "1", DIFF("a")),
		FROM
		"From: R <r@example.org>\nSubject: Re: [PATCH 0/1] cover\nMessage-Id: "
		"<2>\nIn-Reply-To: <0>\n\nReviewed-by: R <r@example.org>\n",
		AT("5", "[PATCH 0/1] cover", "3", ""),
		AT("5", "[PATCH 1/1] one", "4", DIFF("b")),
		NULL,
	};

	check_samples(*state, samples, ARRAY_SIZE(samples));
	check_sample(
		*state, 100, &(struct rq_mail_options){ 0 }, changed,
		"one\nsaid: sent more than once as one version, of which the latest by "
		"date is taken: 1/1 (DIR/mail4)\nsaid: DIR/mail2: 'Reviewed-by: R "
		"<r@example.org>' was given to all of the series as it was sent before; "
		"left out\n");
}

/* A patch without a number in the thread of a series is somebody's side remark. */
static void a_side_patch_of_a_thread(void **state)
{
	static const struct sample samples[] = {
		{ { V1 ANSWER("[PATCH] side", "3", "2", DIFF("c")) },
		  "one\ntwo\nsaid: DIR/mail0:29 is 'side', a patch of the thread but not "
		  "of "
		  "v1: it is left out\n" },
		/* of no thread, or named by itself */
		{ { V1 MAIL("[PATCH] other", "3", DIFF("c")) },
		  "refused: a patch of no series among v1 of one with 2" },
		{ { MAIL("[PATCH 1/1] one", "1", DIFF("a")),
		    ANSWER("[PATCH] side", "3", "1", DIFF("c")) },
		  "refused: a patch of no series among v1 of one with 1" },
	};

	check_samples(*state, samples, ARRAY_SIZE(samples));
}

static void another_series_is_reported(void **state)
{
	static const struct sample samples[] = {
		{ { V1 MAIL("[PATCH v2 1/1] bar", "3", DIFF("c")) },
		  "bar\nsaid: DIR/mail0 is 'one', v1 1/2 of another series, as v2 has no "
		  "title of it: it is left out\n" },
		/* one title of the version between, or one thread, is enough */
		{ { V1 MAIL("[PATCH v2 1/2] one", "3", DIFF("a"))
			    MAIL("[PATCH v2 2/2] bar", "4", DIFF("c"))
				    MAIL("[PATCH v3 1/1] bar", "5", DIFF("c")) },
		  "bar\n" },
		{ { V1 ANSWER("[PATCH v2 1/1] bar", "3", "1", DIFF("c")) }, "bar\n" },
	};

	check_samples(*state, samples, ARRAY_SIZE(samples));
}

static void a_part_of_a_series(void **state)
{
#define ONE MAIL("[PATCH 1/3] one", "1", DIFF("a"))
#define TWO_ MAIL("[PATCH 2/3] two", "2", DIFF("b"))
#define THREE MAIL("[PATCH 3/3] three", "3", DIFF("c"))
	static const struct {
		const char *parts, *texts[4], *want;
	} samples[] = {
		{ "1,3",
		  { ONE TWO_ THREE },
		  "one\nthree\nsaid: of v1 2/3 is left out\n" },
		{ "2-3",
		  { THREE ONE TWO_ },
		  "two\nthree\nsaid: of v1 1/3 is left out\n" },
		{ "1", { ONE THREE }, "one\nsaid: of v1 2/3, 3/3 are left out\n" },
		{ "1-2",
		  { ONE THREE },
		  "refused: no version of the series is complete: of v1 2/3 is missing" },
		{ "4",
		  { ONE TWO_ THREE },
		  "refused: -P: there is no patch 4; the series has 3" },
		{ "1",
		  { MAIL("[PATCH] t", "1", DIFF("a")) },
		  "refused: -P: no patch of these mails has a number" },
		{ "0", { ONE }, "refused: -P: '0' is no list of numbers" },
		{ "3-1", { ONE }, "refused: -P: '3-1' is no list of numbers" },
		{ "1,", { ONE }, "refused: -P: '1,' is no list of numbers" },
		{ "65537",
		  { ONE },
		  "refused: -P: '65537' names patch 65537; a series has at most 65536" },
		{ "1,9223372036854775806",
		  { MAIL("[PATCH 1/9223372036854775807] t", "1", DIFF("a")) },
		  "refused: a series has at most 65536" },
		{ "1-65536",
		  { MAIL("[PATCH 1/9223372036854775807] t", "1", DIFF("a")) },
		  "refused: no version of the series is complete" },
		{ "5",
		  { MAIL("[PATCH 0/3] cover", "0", "") },
		  "refused: -P: there is no patch 5; the series has 3" },
		{ "1x", { ONE }, "refused: -P: '1x' is no list of numbers" },
		/* picked mails; a gap in an mbox is another thing */
		{ NULL,
		  { TWO_ },
		  "two\nsaid: a part of the series is taken: of v1 1/3, 3/3 is "
		  "missing\n" },
		{ NULL,
		  { THREE, ONE },
		  "one\nthree\nsaid: a part of the series is taken: of v1 2/3 is "
		  "missing\n" },
		{ NULL,
		  { ONE THREE },
		  "refused: of v1 2/3 is missing; -P takes a part of it" },
		{ NULL,
		  { MAIL("[PATCH 7/999999999] t", "1", DIFF("a")) },
		  "t\nsaid: a part of the series is taken: of v1 1/999999999, "
		  "2/999999999, 3/999999999, 4/999999999, "
		  "5/999999999, 6/999999999, 8/999999999, 9/999999999, 10/999999999, "
		  "11/999999999, 12/999999999, "
		  "13/999999999, 14/999999999, 15/999999999, 16/999999999, 17/999999999, "
		  "18/999999999, 19/999999999, "
		  "20/999999999, 21/999999999 and more is missing\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		check_sample(*state, i,
			     &(struct rq_mail_options){ .parts = samples[i].parts },
			     samples[i].texts, samples[i].want);
}

/* What a mail of the series became, whole. */
static void check_bytes(struct scratch *s, const char *const *texts, size_t patch,
			const char *has, bool want)
{
	struct rq_import import = { 0 };
	_cleanup_free_ char *path = rq_xasprintf("%s/mails", s->dir);
	struct rq_str all = { 0 };

	for (; *texts; texts++)
		rq_str_adds(&all, *texts);
	write_file(s, "mails", all.s, all.len);
	assert_ok(s, rq_import_mails(&import, &path, 1, &(struct rq_mail_options){ 0 },
				     &s->err));
	assert_true(patch < import.patches.n);
	if ((strstr(import.patches.v[patch].bytes.s, has) != NULL) != want)
		fail_msg("'%s' should%s be in\n%s", has, want ? "" : " not",
			 import.patches.v[patch].bytes.s);
	rq_import_release(&import);
	rq_str_release(&all);
}

#define TYPED(charset, encoding)                                               \
	FROM HEAD("[PATCH] t") "MIME-Version: 1.0\nContent-Type: text/plain; " \
			       "charset=" charset                              \
			       "\nContent-Transfer-Encoding: " encoding "\n\n"

/* What is in the message, in UTF-8, and the diff's own bytes. */
static void charsets_are_undone(void **state)
{
	static const struct {
		const char *texts[2], *has;
	} samples[] = {
		{ { TYPED("ISO-2022-JP", "7bit") "\033$B$3$l\033(B\n---\n" DIFF("a") },
		  "\n\343\201\223\343\202\214\n---\n" DIFF("a") },
		{ { TYPED("UTF-7",
			  "7bit") "Gr+APwA3w-e\n---\ndiff --git a/a b/a\n--- a/a\n+-+-+- "
				  "b/a\n@@ -1 +-1 @@\n-old\n+-new\n" },
		  "\nGr\303\274\303\237e\n---\n" DIFF("a") },
		/* each line by itself */
		{ { TYPED("ISO-8859-1",
			  "8bit") "Sch\366n\nSch\303\266n\n---\n" DIFF("a") },
		  "\nSch\303\266n\nSch\303\266n\n---\n" DIFF("a") },
		/* two bytes a character: what looks like UTF-8 is none */
		{ { TYPED("GB2312", "8bit") "\304\243\316\304\312\265\n---\n" DIFF("a") },
		  "\n\346\250\241\346\226\207\345\256\236\n---\n" DIFF("a") },
		/* no such charset, and bytes that are none of it: as they came */
		{ { TYPED("x-none", "8bit") "Sch\366n\n---\n" DIFF("a") },
		  "\nSch\366n\n---\n" DIFF("a") },
		{ { TYPED("UTF-8", "base64") "V8O2cnRlcg0KLS0tDQpkaWZmIC0tZ2l0IGEvYSBiL2E"
					     "NCi0tLSBhL2ENCisrKyBiL2ENCkBAIC0x\nICsxIEBA"
					     "DQotb2xkDQorbmV3DQo=\n" },
		  "\nW\303\266rter\n---\n" DIFF("a") },
		{ { FROM HEAD("[PATCH] t") "\nWords\r\n---\r\ndiff --git a/a b/a\r\n--- "
					   "a/a\r\n+++ b/a\r\n@@ -1 +1 "
					   "@@\r\n-old\r\n+new\r\n" },
		  "\nWords\n---\n" DIFF("a") },
		/* a file with carriage returns keeps them */
		{ { TYPED("UTF-8",
			  "base64") "V29yZHMKLS0tCmRpZmYgLS1naXQgYS9hIGIvYQotLS0gYS9hCisr"
				    "KyBiL2EKQEAgLTEgKzEgQEAK\nLW9sZA0KK25ldw0K\n" },
		  "+++ b/a\n@@ -1 +1 @@\n-old\r\n+new\r\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		check_bytes(*state, samples[i].texts, 0, samples[i].has, true);
}

static void carriage_returns_are_reported(void **state)
{
	static const char *const texts[] = {
		TYPED("UTF-8",
		      "base64") "V8O2cnRlcg0KLS0tDQpkaWZmIC0tZ2l0IGEvYSBiL2ENCi0tLSBhL2EN"
				"CisrKyBiL2ENCkBAIC0x\nICsxIEBADQotb2xkDQorbmV3DQo=\n",
		NULL
	};
	static const struct {
		enum rq_quoted_cr action;
		const char *want;
	} samples[] = {
		{ RQ_CR_STRIP, "t\nsaid: DIR/mail0: all lines end with a carriage "
			       "return: stripped\n" },
		{ RQ_CR_WARN,
		  "t\nsaid: DIR/mail0: all lines end with a carriage return: kept\n" },
		{ RQ_CR_NOWARN, "t\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		check_sample(*state, i,
			     &(struct rq_mail_options){ .quoted_cr = samples[i].action },
			     texts, samples[i].want);
}

#define REPLY(subject, from, id, to, text)                                    \
	FROM "From: " from                                                    \
	     "\nDate: Wed, 20 Dec 2023 23:44:24 +0100\nSubject: Re: " subject \
	     "\nMessage-Id: <" id ">\nIn-Reply-To: <" to ">\n\n" text "\n\n"

static void credits_of_an_unchanged_patch(void **state)
{
	static const char *const texts[] = {
		MAIL("[PATCH 1/2] one", "1", DIFF("a")),
		MAIL("[PATCH 2/2] two", "2", DIFF("b")),
		REPLY("[PATCH 1/2] one", "R <r@example.org>", "3", "1",
		      "Reviewed-by: R <r@example.org>"),
		REPLY("[PATCH 2/2] two", "R <r@example.org>", "4", "2",
		      "Reviewed-by: R <r@example.org>"),
		MAIL("[PATCH v2 1/2] one", "5", DIFF("a")),
		MAIL("[PATCH v2 2/2] two", "6", DIFF("c")),
		NULL,
	};

	check_bytes(*state, texts, 0, "\nReviewed-by: R <r@example.org>\n", true);
	check_bytes(*state, texts, 1, "Reviewed-by", false);
}

/* A name beyond ASCII in a mail that says it has none. */
static void a_credit_corrects_the_charset(void **state)
{
	static const char *const texts[] = {
		FROM HEAD("[PATCH] t") "Message-Id: <1>\nContent-Type: text/plain;\n "
				       "charset=\"US-ASCII\"\n"
				       "Content-Transfer-Encoding: 7bit\n\nWhy: "
				       "us-ascii.\n\n---\n" DIFF("a") "\n",
		REPLY("[PATCH] t", "=?UTF-8?q?J=C3=B6rg?= <j@example.org>", "2", "1",
		      "Reviewed-by: J\303\266rg <j@example.org>"),
		NULL,
	};

	check_bytes(
		*state, texts, 0,
		"Content-Type: text/plain;\n "
		"charset=\"UTF-8\"\nContent-Transfer-Encoding: 8bit\n\nWhy: us-ascii.\n"
		"Reviewed-by: J\303\266rg <j@example.org>\n\n---\n",
		true);
}

static void lines_of_replies_are_read(void **state)
{
	static const struct {
		const char *text, *want, *rest;
		enum rq_given given;
		bool misspelt;
	} samples[] = {
		{ "Reviewed-by: R <r@x>\nmore\n", "Reviewed-by: R <r@x>", "more\n",
		  RQ_GIVEN_CREDIT, false },
		{ "  Acked-By: R <r@x>\n", "Acked-By: R <r@x>", "", RQ_GIVEN_CREDIT,
		  false },
		{ "Tested-by:R <r@x>\n", "Tested-by: R <r@x>", "", RQ_GIVEN_CREDIT,
		  false },
		{ "Reviewed-by:\302\240R\302\240<r@x>\n", "Reviewed-by: R <r@x>", "",
		  RQ_GIVEN_CREDIT, false },
		{ "Reviewed-by: R <r@x<mailto:r@x>>\n", "Reviewed-by: R <r@x>", "",
		  RQ_GIVEN_CREDIT, false },
		{ "Reviewed-by: R <mailto:r@x>\n", "Reviewed-by: R <r@x>", "",
		  RQ_GIVEN_CREDIT, false },
		{ "Reveiwed-by: R <r@x>\n", "Reviewed-by: R <r@x>", "", RQ_GIVEN_CREDIT,
		  true },
		{ "Reviwed-by: R <r@x>\n", "Reviewed-by: R <r@x>", "", RQ_GIVEN_CREDIT,
		  true },
		{ "Ackedd-by: R <r@x>\n", "Acked-by: R <r@x>", "", RQ_GIVEN_CREDIT,
		  true },
		{ "Reviewed-and-tested-by: R <r@x>\n", "Reviewed-and-tested-by: R <r@x>",
		  "", RQ_GIVEN_CREDIT, false },
		{ "Co-developed-by: R <r@x>\n", "Co-developed-by: R <r@x>", "",
		  RQ_GIVEN_CREDIT, false },
		{ "Reviewed-by: A Long Name\n\t<r@x>\nmore\n",
		  "Reviewed-by: A Long Name <r@x>", "more\n", RQ_GIVEN_CREDIT, false },
		{ "Reviewed-by: nobody\nAcked-by: R <r@x>\n", "", "Acked-by: R <r@x>\n",
		  RQ_GIVEN_NOTHING, false },
		{ "Reviewed-by: nobody\n\nme@x\n", "", "\nme@x\n", RQ_GIVEN_NOTHING,
		  false },
		{ "> Reviewed-by: R <r@x>\n", "", "", RQ_GIVEN_NOTHING, false },
		{ "You said it was seen by: me@x\n", "", "", RQ_GIVEN_NOTHING, false },
		{ "Fixes: 0123abcd (\"mm: a long\ntitle\")\nmore\n",
		  "Fixes: 0123abcd (\"mm: a long title\")", "more\n", RQ_GIVEN_LINK,
		  false },
		{ "Fixes: all of it\n", "", "", RQ_GIVEN_NOTHING, false },
		{ "Closes: https://example.org/1\n", "Closes: https://example.org/1", "",
		  RQ_GIVEN_LINK, false },
		{ "Link: see above\n", "", "", RQ_GIVEN_NOTHING, false },
		{ "NAK, that is wrong.\n", "NAK, that is wrong.", "", RQ_GIVEN_NO,
		  false },
		{ "Nacked-by: R <r@x>\n", "Nacked-by: R <r@x>", "", RQ_GIVEN_NO, false },
		{ "\n", "", "", RQ_GIVEN_NOTHING, false },
		{ ":\n", "", "", RQ_GIVEN_NOTHING, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct rq_slice rest = rq_slice_of(samples[i].text), line;
		struct rq_str out = { 0 };
		enum rq_given given;
		bool misspelt;

		assert_true(rq_slice_next_line(&rest, &line));
		given = rq_trailer_read(&out, line, &rest, &misspelt);
		if (!rq_slice_eq(rq_str_slice(&out), rq_slice_of(samples[i].want)) ||
		    given != samples[i].given || misspelt != samples[i].misspelt ||
		    !rq_slice_eq(rest, rq_slice_of(samples[i].rest)))
			fail_msg("sample %zu: %d '%s', then '%.*s'", i, given,
				 out.s ? out.s : "", RQ_SLICE_ARG(rest));
		rq_str_release(&out);
	}
}

static void what_replies_give(void **state)
{
#define CREDIT "Reviewed-by: R <r@example.org>"
#define T MAIL("[PATCH] t", "1", DIFF("a"))
	static const struct {
		const char *texts[4];
		bool sloppy;
		const char *want;
	} samples[] = {
		/* the answered mail is not here; References has the patch */
		{ { T FROM
		    "From: R <r@example.org>\nSubject: Re: [PATCH] t\nMessage-Id: <3>\n"
		    "Date: Wed, 20 Dec 2023 23:44:24 +0100\nIn-Reply-To: <2>\n"
		    "References: <1> <2>\n\n" CREDIT "\n" },
		  false,
		  "t +1\n" },
		{ { T REPLY("[PATCH] t", "R <r@work.example.org>", "3", "1", CREDIT) },
		  false,
		  "t\nsaid: DIR/mail0:15: '" CREDIT "' is not of the sender, "
		  "r@work.example.org; left out; -S takes it\n" },
		{ { T REPLY("[PATCH] t", "R <r@work.example.org>", "3", "1", CREDIT) },
		  true,
		  "t +1\n" },
		/* of the cover letter of a version that another changes a part of */
		{ { MAIL("[PATCH v2 0/2] all", "0", "Words.\n")
			    MAIL("[PATCH v2 1/2] one", "1", DIFF("a"))
				    MAIL("[PATCH v2 2/2] two", "2", DIFF("b")),
		    ANSWER("[PATCH v3 2/2] new", "3", "2", DIFF("c"))
			    REPLY("[PATCH v2 0/2] all", "R <r@example.org>", "4", "0",
				  CREDIT) },
		  false,
		  "one +1\nnew\nsaid: 1/2 is that of v2: v3 changes a part of it\nsaid: "
		  "DIR/mail1:16: '" CREDIT
		  "' was given to all of v2; patches that changed "
		  "later do not get it\n" },
		/* twice, and of another: nothing to say of what is there */
		{ { T REPLY("[PATCH] t", "R <r@example.org>", "3", "1",
			    CREDIT "\n" CREDIT)
			    REPLY("[PATCH] t", "O <o@example.org>", "4", "3", CREDIT) },
		  false,
		  "t +1\n" },
		{ { T REPLY("[PATCH] t", "R <r@example.org>", "3", "1",
			    "Nak.\nNAK\nNAK") },
		  false,
		  "t\nsaid: DIR/mail0:15: says no to 't': NAK\n" },
		{ { T REPLY("[PATCH] t", "R <r@example.org>", "3", "1",
			    CREDIT
			    "\nBetter:\n" DIFF("a") "Acked-by: R <r@example.org>") },
		  false,
		  "t +1\nsaid: DIR/mail0:15: a reply with a patch of its own, which is "
		  "not "
		  "taken\n" },
		{ { T REPLY("[PATCH] t", "R <r@example.org>", "3", "1",
			    "Reveiwed-by: R <r@example.org>") },
		  false,
		  "t +1\nsaid: DIR/mail0:15: '" CREDIT "' was spelled otherwise\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		check_sample(*state, i,
			     &(struct rq_mail_options){ .sloppy = samples[i].sloppy },
			     samples[i].texts, samples[i].want);
}

static void attachments_are_taken(void **state)
{
#define PARTS                                                \
	HEAD("[PATCH] outer")                                \
	"MIME-Version: 1.0\nContent-Type: multipart/mixed; " \
	"boundary=b\n\n--b\nContent-Type: text/plain\n\nHere.\n"
	static const struct sample samples[] = {
		/* a mail in the mail */
		{ { PARTS "--b\nContent-Type: message/rfc822\n\n" HEAD(
			  "[PATCH] inner") "\n---\n" DIFF("a") "--b--\n" },
		  "inner\n" },
		{ { PARTS "--b\nContent-Type: text/plain; name=x.txt\n\n" HEAD(
			  "[PATCH] inner") "\n---\n" DIFF("a") "--b--\n" },
		  "inner\n" },
		{ { PARTS "--b\nContent-Type: application/mbox; name=x.mbox\n\n" FROM
			    HEAD("[PATCH] one") "\n---\n" DIFF("a") "\n" FROM HEAD(
				    "[PATCH] two") "\n---\n" DIFF("b") "--b--\n" },
		  "one\ntwo\n" },
		{ { PARTS "--b\nContent-Type: text/plain\n\n" DIFF("a") "--b--\n" },
		  "outer\n" },
		/* the footer of a list */
		{ { PARTS "---\n" DIFF(
			  "a") "--b\nContent-Type: text/plain\n\nThe list.\n--b--\n" },
		  "outer\n" },
		{ { PARTS "--b\nContent-Type: text/plain\n\nThe list.\n--b--\n" },
		  "refused: holds no patch" },
		/* whatever type the mailer gave it */
		{ { PARTS
		    "--b\nContent-Type: application/octet-stream; name=X.MBOX\n\n" FROM
			    HEAD("[PATCH] one") "\n---\n" DIFF("a") "--b--\n" },
		  "one\n" },
		{ { HEAD("[PATCH] t") "MIME-Version: 1.0\nContent-Type: "
				      "application/octet-stream\n\n---\n" DIFF("a") },
		  "t\n" },
		{ { HEAD("[PATCH] t") "MIME-Version: 1.0\nContent-Type: "
				      "text/html\n\n---\n" DIFF("a") },
		  "refused: holds no patch" },
	};

	check_samples(*state, samples, ARRAY_SIZE(samples));
}

/* The line end in front of a boundary is not of the text: an empty line of context went with it. */
static void a_boundary_takes_no_context(void **state)
{
	static const char text[] =
		PARTS "--b\nContent-Type: text/x-patch; name=x.patch\n\ndiff --git a/a "
		      "b/a\n--- a/a\n+++ "
		      "b/a\n@@ -1,2 +1,2 @@\n-old\n+new\n\n--b--\n";
	struct scratch *s = *state;
	char *path = rq_xasprintf("%s/mail", s->dir);
	struct rq_import import = { 0 };

	write_file(s, "mail", text, sizeof(text) - 1);
	assert_ok(s, rq_import_mails(&import, &path, 1, &(struct rq_mail_options){ 0 },
				     &s->err));
	assert_non_null(strstr(import.patches.v[0].bytes.s, "\n-old\n+new\n\n"));
	rq_import_release(&import);
	free(path);
}

#define REMARKS "On Wed, B wrote:\n> Why?\n\nSo:\n\n"
#define OWN "From: C <c@example.org>\nSubject: [PATCH] own\n\nIts words.\n---\n" DIFF("a")

/* What is in front of scissors is no part of the patch; the only patch may be in a reply. */
static void patches_among_words(void **state)
{
	static const struct sample samples[] = {
		{ { HEAD("Re: [PATCH 2/3] t") "\n" REMARKS DIFF("a") }, "t\n" },
		{ { HEAD("Re: [PATCH 2/3] t") "\n" REMARKS "-- >8 --\n" OWN },
		  "own\nsaid: DIR/mail0: what is in front of '-- >8 --' is left out\n" },
		{ { HEAD("Re: t") "\n" REMARKS "---8<---\n" DIFF("a") },
		  "t\nsaid: DIR/mail0: what is in front of '---8<---' is left out\n" },
		/* the last one counts, a quoted one and one of the text below "---" do not */
		{ { HEAD("[PATCH] t") "\n--- >8 ---\nA\n---- 8< ----\n> -- >8 "
				      "--\n---\n-- "
				      "8< --\n" DIFF("a") },
		  "t\nsaid: DIR/mail0: what is in front of '---- 8< ----' is left "
		  "out\n" },
		{ { HEAD("[PATCH] t") "\nSee >8 here.\n8<\n" DIFF("a") }, "t\n" },
		/* nothing but fields, and nothing at all */
		{ { HEAD("Re: [PATCH] t") "\nIndex: a\nOther: b" }, "t\n" },
		{ { HEAD("Re: [PATCH] t") "\n-- >8 --\nIndex: a\n" },
		  "t\nsaid: DIR/mail0: what is in front of '-- >8 --' is left out\n" },
		{ { HEAD("[PATCH] t") "\nA\n-- >8 --\nIndex: a\n" },
		  "t\nsaid: DIR/mail0: what is in front of '-- >8 --' is left out\n" },
		/* another mail has the patch */
		{ { T REPLY("[PATCH] t", "R <r@example.org>", "3", "1",
			    CREDIT "\n-- >8 --\n" OWN) },
		  "t +1\nsaid: DIR/mail0:15: a reply with a patch of its own, which is "
		  "not "
		  "taken\n" },
		{ { FROM HEAD("Re: t") "\n" DIFF("a") "\n" FROM HEAD("Re: u") "\n" DIFF(
			  "b") },
		  "refused: no mail but 2 replies have a patch of their own: " },
	};
	static const char *const mail[] = { HEAD("[PATCH] t") "\nA\n-- >8 --\n" DIFF("a"),
					    NULL };

	check_samples(*state, samples, ARRAY_SIZE(samples));
	check_sample(*state, 100, &(struct rq_mail_options){ .no_scissors = true }, mail,
		     "t\n");
}

int main(void)
{
#define SCRATCH(test) \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		SCRATCH(mboxes_are_split),
		SCRATCH(what_brackets_say),
		SCRATCH(which_mails_make_a_series),
		SCRATCH(who_may_send_a_part),
		SCRATCH(mails_without_a_version_sent_again),
		SCRATCH(a_side_patch_of_a_thread),
		SCRATCH(another_series_is_reported),
		SCRATCH(a_part_of_a_series),
		SCRATCH(credits_of_an_unchanged_patch),
		SCRATCH(charsets_are_undone),
		SCRATCH(carriage_returns_are_reported),
		SCRATCH(a_credit_corrects_the_charset),
		cmocka_unit_test(lines_of_replies_are_read),
		SCRATCH(what_replies_give),
		SCRATCH(attachments_are_taken),
		SCRATCH(a_boundary_takes_no_context),
		SCRATCH(patches_among_words),
	};

	return cmocka_run_group_tests_name("mails", tests, NULL, NULL);
}
