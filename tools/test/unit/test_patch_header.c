// SPDX-License-Identifier: GPL-2.0-only
/*
 * Author, date, subject and message from the text before the first diff.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "patch/patch.h"

#define DIFF "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
#define DATE "Date: Mon, 24 Aug 2015 23:41:33 +0100\n"
#define SECS "1440456093 +0100"

static const struct {
	const char *what, *text;
	const char *name, *email, *date, *subject, *message;
} heads[] = {
	{ "git format-patch",
	  "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n"
	  "From: A Dev <a@x.org>\n" DATE
	  "Subject: [PATCH v2 01/10] mm: a long\n title\n\n"
	  "Body  \n\n\n\nmore\n\nSigned-off-by: A Dev <a@x.org>\n---\n x | 2 +-\n\n" DIFF,
	  "A Dev", "a@x.org", SECS, "mm: a long title",
	  "mm: a long title\n\nBody\n\nmore\n\nSigned-off-by: A Dev <a@x.org>\n" },
	{ "encoded words",
	  "From: =?UTF-8?q?J=C3=BCrgen_=3Cx=3E=0AGro=C3=9F?= <j@x.org>\n"
	  "Subject: =?utf-8?b?R3LDvA==?=\n =?iso-8859-1?q?=DFe?=\n\n" DIFF,
	  "J\303\274rgen x Gro\303\237", "j@x.org", NULL, "Gr\303\274\303\237e",
	  "Gr\303\274\303\237e\n" },
	{ "encoded words in pieces, the first padded",
	  "From: =?UTF-8?B?SsO8cmc=?= =?UTF-8?B?IEdyb8Of?= <j@x.org>\n"
	  "Subject: =?utf-8?b?R3LDvA==?=\n =?utf-8?b?w59lIA==?= "
	  "=?utf-8?b?w4Q=?=\n\n" DIFF,
	  "J\303\274rg Gro\303\237", "j@x.org", NULL, "Gr\303\274\303\237e \303\204",
	  "Gr\303\274\303\237e \303\204\n" },
	{ "a character cut in two by encoded words",
	  "Subject: =?utf-8?b?R3LD?=\n =?utf-8?b?vA==?= =?utf-8?q?=C3?= "
	  "=?utf-8?q?=9F?=\n\n" DIFF,
	  NULL, NULL, NULL, "Gr\303\274\303\237", "Gr\303\274\303\237\n" },
	{ "a line of another charset",
	  "Subject: Gr\303\274n\n\nSch\366n\nSch\303\266n\n" DIFF, NULL, NULL, NULL,
	  "Gr\303\274n", "Gr\303\274n\n\nSch\303\266n\nSch\303\266n\n" },
	{ "in-body author",
	  "From: Maintainer <m@x.org>\n" DATE "Subject: [RFC][PATCH] outer\n\n\n"
	  "From: \"Dev, A\" <a@x.org>\nSubject: Re: [PATCH] [02/13] [media] inner\n"
	  "Date: Thu, 1 Jan 2015 00:00:00 -0130\n\nBody\n" DIFF,
	  "Dev, A", "a@x.org", "1420075800 -0130", "[media] inner",
	  "[media] inner\n\nBody\n" },
	{ "in-body author behind a separator",
	  "From: M <m@x.org>\nSubject: [PATCH] t\n\n>From 0123 Mon Sep 17 00:00:00 2001\n"
	  "From: A <a@x.org>\n\nBody\n" DIFF,
	  "A", "a@x.org", NULL, "t", "t\n\nBody\n" },
	{ "no in-body author",
	  "From: M <m@x.org>\nSubject: [PATCH] t\n\nFrom: the docs of it\n\nBody\n" DIFF,
	  "M", "m@x.org", NULL, "t", "t\n\nFrom: the docs of it\n\nBody\n" },
	{ "in-body fields on several lines",
	  "From: M <m@x.org>\nSubject: [PATCH] t\n\nFrom: A Dev\n <a@x.org>\n"
	  "Subject: a\n\ttab and\n more\n\nBody\n" DIFF,
	  "A Dev", "a@x.org", NULL, "a tab and more", "a tab and more\n\nBody\n" },
	{ "the title on top of the body",
	  "From: A <a@x.org>\nSubject: Re: words\n\n[PATCH] title\n\nBody\n" DIFF, "A",
	  "a@x.org", NULL, "title", "title\n\nBody\n" },
	{ "a title that only the body has whole",
	  "From: A <a@x.org>\nSubject: [PATCH 1/1] [media] t\n\nSubject: [PATCH]\n\n"
	  "[media] t\n\nBody\n" DIFF,
	  "A", "a@x.org", NULL, "[media] t", "[media] t\n\nBody\n" },
	{ "a colon behind the tag", "Subject: [PATCH]: mm: t\n\nBody\n" DIFF, NULL, NULL,
	  NULL, "mm: t", "mm: t\n\nBody\n" },
	{ "a field of a server in front",
	  "Filter-Result: none\n more\nFrom: A <a@x.org>\nSubject: t\n\nBody\n" DIFF, "A",
	  "a@x.org", NULL, "t", "t\n\nBody\n" },
	{ "a title that looks like a field",
	  "mm: title\nFrom: A <a@x.org>\n\nBody\n" DIFF, "A", "a@x.org", NULL,
	  "mm: title", "mm: title\n\nBody\n" },
	{ "a comment behind the address",
	  "From: A Dev <a@x.org> (at home)\nSubject: t\n\n" DIFF, "A Dev (at home)",
	  "a@x.org", NULL, "t", "t\n" },
	{ "quilt, fields only", "From: a@x.org (A Dev)\nSubject: title\n\nBody\n" DIFF,
	  "A Dev", "a@x.org", NULL, "title", "title\n\nBody\n" },
	{ "address alone", "From: a@x.org\nSubject: title\n" DIFF, "a@x.org", "a@x.org",
	  NULL, "title", "title\n" },
	{ "name alone", "From: A Dev\nSubject: title\n" DIFF, "A Dev", NULL, NULL,
	  "title", "title\n" },
	{ "a backslash in a name",
	  "From: \"A \\\"D\\\" Dev\" <a@x.org>\nSubject: title\n" DIFF, "A \"D\" Dev",
	  "a@x.org", NULL, "title", "title\n" },
	{ "a backslash behind a name", "From: A Dev\\\nSubject: title\n" DIFF, "A Dev\\",
	  NULL, NULL, "title", "title\n" },
	{ "crlf",
	  "From: A <a@x.org>\r\nSubject: t\r\n\r\nBody\r\n---\r\nnot this\r\n" DIFF, "A",
	  "a@x.org", NULL, "t", "t\n\nBody\n" },
	{ "Debian's",
	  "From: A <a@x.org>\n" DATE
	  "Subject: title\nLast-Update: 2020-02-02\nForwarded: no\n\nBody\n"
	  "\nBug: 1\n" DIFF,
	  "A", "a@x.org", SECS, "title", "title\n\nBody\n\nBug: 1\n" },
	{ "DEP-3",
	  "Description: title\n Long text\n .\n more of it\nOrigin: upstream, commit:1\n"
	  "Author: A <a@x.org>\nBug-Debian: https://x/1\nLast-Update: "
	  "2015-08-24\n---\n" DIFF,
	  "A", "a@x.org", "1440374400 +0000", "title",
	  "title\n\nLong text\n\nmore of it\n" },
	{ "DEP-3, author first, then text",
	  "Author: A <a@x.org>\nDescription: title\n\nFree text\n" DIFF, "A", "a@x.org",
	  NULL, "title", "title\n\nFree text\n" },
	{ "plain text", "\nmm: title: with colons\n\nBody\nBody\n" DIFF, NULL, NULL, NULL,
	  "mm: title: with colons", "mm: title: with colons\n\nBody\nBody\n" },
	{ "plain text, author behind the title",
	  "title\n\nFrom: A <a@x.org>\n\nBody\n" DIFF, "A", "a@x.org", NULL, "title",
	  "title\n\nBody\n" },
	{ "no subject field", "From: A <a@x.org>\n\ntitle\nBody\n" DIFF, "A", "a@x.org",
	  NULL, "title", "title\n\nBody\n" },
	{ "bad date", "From: A <a@x.org>\nDate: yesterday\nSubject: t\n\n" DIFF, "A",
	  "a@x.org", NULL, "t", "t\n" },
	{ "iso date", "Date: 2015-08-24 23:41:33 +0100\nSubject: t\n\n" DIFF, NULL, NULL,
	  SECS, "t", "t\n" },
	{ "latin body", "Subject: t\n\nGr\374\337e\n" DIFF, NULL, NULL, NULL, "t",
	  "t\n\nGr\303\274\303\237e\n" },
	{ "text that ends at an Index line",
	  "Subject: t\n\nBody\nIndex: y\nnot this\n\n" DIFF, NULL, NULL, NULL, "t",
	  "t\n\nBody\n" },
	{ "nothing", DIFF, NULL, NULL, NULL, NULL, "mm-do-it\n" },
	{ "only a tag", "Subject: [PATCH]\n\n" DIFF, NULL, NULL, NULL, NULL,
	  "mm-do-it\n" },
	{ "guards of ours", "Present-if: mm/x.c defines f\nSubject: t\n\n" DIFF, NULL,
	  NULL, NULL, "t", "t\n" },
};

static void assert_same(const char *what, const char *is, const char *wanted)
{
	if (!is != !wanted || (is && strcmp(is, wanted)))
		fail_msg("%s: '%s', not '%s'", what, is ? is : "(null)",
			 wanted ? wanted : "(null)");
}

static struct rq_patch *parse(const char *text)
{
	struct rq_patch *patch = NULL;
	struct rq_str bytes = { 0 };
	struct rq_err err = { 0 };

	rq_str_adds(&bytes, text);
	if (rq_patch_parse(&patch, "q/0001-mm-do-it.patch", &bytes, &RQ_PATCH_DEFAULTS,
			   &err))
		fail_msg("%s", err.msg);
	return patch;
}

static void heads_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		struct rq_patch *patch = parse(heads[i].text);
		struct rq_header header;

		rq_header_read(&header, patch);
		assert_same(heads[i].what, header.author_name, heads[i].name);
		assert_same(heads[i].what, header.author_email, heads[i].email);
		assert_same(heads[i].what, header.date, heads[i].date);
		assert_same(heads[i].what, header.subject, heads[i].subject);
		assert_same(heads[i].what, header.message, heads[i].message);
		rq_header_release(&header);
		rq_patch_free(patch);
	}
}

static int note(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	rq_str_addf(ctx, "%ld:%.*s;", line, RQ_SLICE_ARG(value));
	return line == 9 ? rq_err_set(err, RQ_EFORMAT, "enough") : 0;
}

static void named_lines_are_found(void **state)
{
	static const char head[] =
		"Subject: x\nPresent-if: a lacks b\r\n\nPRESENT-IF:c\n"
		" Present-if: indented\nPresent-if : no\nNot-Present-if: x\n"
		"\nPresent-if: stop\nPresent-if: not reached\n";
	struct rq_str seen = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	assert_int_equal(rq_head_each(rq_slice_of(head), "Present-if", note, &seen, &err),
			 RQ_EFORMAT);
	assert_string_equal(seen.s, "2:a lacks b;4:c;9:stop;");
	assert_string_equal(err.msg, "enough");
	assert_int_equal(rq_head_each(rq_slice_of(head), "Absent", note, &seen, &err), 0);
	rq_str_release(&seen);
}

/* Git leaves no brackets in front; here those stay that no mailer, list or archive has written. */
static void titles_have_no_prefix(void **state)
{
	static const char *const titles[][2] = {
		{ "[list] [PATCH 1/1] t", "t" },
		{ "[RESEND][PATCH v2] t", "t" },
		{ "[RESEND] t", "t" },
		{ "[v3,1/2] t", "t" },
		{ "[net,v2,1/2] t", "t" },
		{ "[net-next,v2] t", "t" },
		{ "[PATCH #1/2] t", "t" },
		{ "[1 of 2] t", "t" },
		{ "Re: [list] Re: [PATCH] t", "t" },
		{ "[media] t", "[media] t" },
		{ "[PATCH] [media] t", "[media] t" },
		{ "[media] re: t", "[media] re: t" },
		{ "[v5.10] t", "[v5.10] t" },
		{ "[input/output] t", "[input/output] t" },
		{ "[open t", "[open t" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(titles); i++) {
		_cleanup_free_ char *text =
			rq_xasprintf("Subject: %s\n\n" DIFF, titles[i][0]);
		struct rq_patch *patch = NULL;
		struct rq_header header;
		struct rq_err err;

		assert_int_equal(rq_patch_parse_copy(&patch, "x", rq_slice_of(text),
						     &RQ_PATCH_DEFAULTS, &err),
				 0);
		rq_header_read(&header, patch);
		assert_string_equal(header.subject, titles[i][1]);
		rq_header_release(&header);
		rq_patch_free(patch);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_are_read),
		cmocka_unit_test(titles_have_no_prefix),
		cmocka_unit_test(named_lines_are_found),
	};

	return cmocka_run_group_tests_name("patch header", tests, NULL, NULL);
}
