// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replies that quote a patch: what is rebuilt of it, by whom it says it is, and what it says is missing.
 */
#include "scratch.h"

#include <time.h>

#include "import/import.h"

static void add_said(const struct scratch *s, struct rq_str *out, const char *said)
{
	const char *dir = strstr(said, s->dir);
	size_t n = dir ? (size_t)(dir - said) : strlen(said);

	rq_str_addf(out, "said: %.*s%s%s\n", (int)n, said, dir ? "DIR" : "",
		    dir ? dir + strlen(s->dir) : "");
}

#define QUOTE(author)                                                                    \
	"From: R <r@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\n"               \
	"Subject: Re: [PATCH] t\n\nOn Wed, 20 Dec 2023, " author " wrote:\n> Why.\n> \n" \
	"> Signed-off-by: A B <a@example.org>\n> ---\n"
#define STAT ">  a.c | 2 +-\n>  1 file changed\n> \n"
#define FILE_A "> diff --git a/a.c b/a.c\n> --- a/a.c\n> +++ b/a.c\n"
#define HUNK "> @@ -1,2 +1,2 @@\n>  one\n> -two\n> +three\n"
#define LONG_ "a_long_line_of_a_patch_that_some_mailer_has_to_break(before, the)"

/* What is missing or guessed stands in the head; a green port of a cut quote is the worst that could be. */
static void quotes_say_what_is_missing(void **state)
{
	static const struct {
		const char *text, *has;
		bool incomplete; /* but for white space, which no tree is here for */
	} samples[] = {
		{ QUOTE("A B") STAT FILE_A HUNK, "From: A B <a@example.org>\n", false },
		{ QUOTE("C D") STAT FILE_A HUNK, "Incomplete: author: ", true },
		/* an added line that goes on without a mark */
		{ QUOTE("A B") FILE_A "> @@ -1,3 +1,3 @@\n>  one\n> -two\n> +" LONG_
				      "\nend);\n>  three\n",
		  "\n+" LONG_ " end);\n", true },
		{ QUOTE("A B") FILE_A "> @@ -1,3 +1,3 @@\n>  one\n> -two\n> +" LONG_
				      "\nend);\n>  three\n",
		  "Incomplete: a.c hunk 1: added lines that a mailer broke", true },
		/* a remark has an empty line around it */
		{ QUOTE("A B") FILE_A "> @@ -1,3 +1,3 @@\n>  one\n> -two\n> +" LONG_
				      "\n\nWhy?\n\n>  three\n",
		  "\n+" LONG_ "\n three\n", false },
		{ QUOTE("A B") FILE_A "> @@ -10,2 +12,2 @@\n>  one\n> -two\n> +three\n",
		  "Incomplete: a.c hunk 1: hunks in front of it are missing: it is 2 "
		  "lines",
		  true },
		{ QUOTE("A B") FILE_A "> @@ -1,1 +1,2 @@\n>  one\n> +two\n"
				      "> @@ -10,2 +11,2 @@\n>  one\n> -two\n> +three\n",
		  "\n@@ -10,2 +11,2 @@\n", false },
		{ QUOTE("A B") ">  a.c | 2 +-\n>  b.c | 1 +\n> \n" FILE_A HUNK,
		  "Incomplete: b.c: the diffstat names it, and it is not quoted\n",
		  true },
		{ QUOTE("A B") ">  a.c | 7 +++----\n> \n" FILE_A HUNK,
		  "Incomplete: a.c: the diffstat counts 7 changed lines, 2 are here\n",
		  true },
		{ QUOTE("A B") ">  n.c | 1 +\n> \n> diff --git a/n.c b/n.c\n> new file "
			       "mode 100644\n"
			       "> --- /dev/null\n> +++ b/n.c\n> @@ -0,0 +1 @@\n> +one\n",
		  "\n+one\n", false },
	};
	struct scratch *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		_cleanup_free_ char *path = rq_xasprintf("%s/mail", s->dir);
		struct rq_import import = { 0 };
		struct rq_slice rest, line;
		bool incomplete = false;

		write_file(s, "mail", samples[i].text, strlen(samples[i].text));
		assert_true(rq_is_quoted(path));
		assert_ok(s, rq_import_quoted(&import, path, NULL, 0, &s->err));
		rest = rq_str_slice(&import.patches.v[0].bytes);
		while (rq_slice_next_line(&rest, &line))
			incomplete |= rq_slice_starts(line, "Incomplete: ") &&
				      !rq_slice_has(line, "white space");
		if (!strstr(import.patches.v[0].bytes.s, samples[i].has) ||
		    incomplete != samples[i].incomplete)
			fail_msg("sample %zu:\n%s", i, import.patches.v[0].bytes.s);
		rq_import_release(&import);
	}
}

#define WORDS "Why.\n\nSigned-off-by: A U Thor <a@example.org>\n---\n"
#define EDIT                                                                    \
	"diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,2 @@\n one\n" \
	"-two\n+three\n"
#define REPLY_HEAD(subject, fields)                                        \
	"From: R <r@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 +0100\n" \
	"Subject: " subject "\n" fields "\n"

static void add_quote(struct rq_str *out, const char *mark, const char *text)
{
	struct rq_slice rest = rq_slice_of(text), line;

	while (rq_slice_next_line(&rest, &line))
		rq_str_addf(out, "%s%.*s", mark, RQ_SLICE_ARG(line));
}

/* All patches that are rebuilt, then what was reported, without the file's name. */
static char *rebuilt(struct scratch *s, const char *text)
{
	_cleanup_free_ char *path = rq_xasprintf("%s/mail", s->dir);
	struct rq_import import = { 0 };
	struct rq_str out = { 0 };

	write_file(s, "mail", text, strlen(text));
	assert_true(rq_is_quoted(path));
	assert_ok(s, rq_import_quoted(&import, path, NULL, 0, &s->err));
	for (size_t i = 0; i < import.patches.n; i++)
		rq_str_add_slice(&out, rq_str_slice(&import.patches.v[i].bytes));
	for (size_t i = 0; i < import.said.v.n; i++)
		add_said(s, &out, import.said.v.v[i]);
	rq_import_release(&import);
	return out.s;
}

/* What mailers put in front of a quote, at the level of the one who wrote it. */
static void quotes_name_their_author(void **state)
{
#define AUTHOR "From: A U Thor <a@example.org>\n"
	static const struct {
		const char *lead, *mark, *has, *lacks;
	} samples[] = {
		{ "On Wed, Dec 20, 2023 at 11:44 PM A U Thor <a@example.org> wrote:\n",
		  "> ", AUTHOR, "author:" },
		{ "On Wed, Dec 20, 2023 at 11:44 PM A U Thor\n<a@example.org> wrote:\n\n",
		  "> ", AUTHOR, "author:" },
		{ "On Wed, 2023-12-20 at 23:44 +0100, Thor, A U wrote:\n", ">", AUTHOR,
		  "author:" },
		{ "* A U Thor <a@example.org> wrote:\n\n", "> ", AUTHOR, "author:" },
		{ "\"A U Thor\" <a@example.org> writes:\n\n", "> ", AUTHOR, "author:" },
		{ "Am 20.12.23 um 23:44 schrieb A U Thor:\n", "> ", AUTHOR, "author:" },
		{ "Le 20/12/2023 à 23:44, A U Thor a écrit :\n", "> ", AUTHOR,
		  "author:" },
		/* two levels: the author is named at the first */
		{ "On Thu, B wrote:\n> On Wed, 20 Dec 2023, A U Thor wrote:\n", ">> ",
		  AUTHOR, "author:" },
		{ "On Thu, B wrote:\n> Words.\n", "> > ",
		  "Incomplete: author: nothing names who", NULL },
		{ "On Thu, 21 Dec 2023, Other <o@example.org> wrote:\n", "> ",
		  "From: Other <o@example.org>\nSubject: [PATCH] t\nIncomplete: author: "
		  "no "
		  "sign-off is of who",
		  NULL },
		{ "On 21/12/2023, Other, O <o...@example.org> wrote:\n", "> ",
		  "Incomplete: author: the quote does not have the address", NULL },
		/* the author's own fields */
		{ "> -----Original Message-----\n> From: Own Er <o@example.org>\n> Date: "
		  "Wed, "
		  "20 Dec 2023 23:44:24 +0100\n> Subject: [PATCH v2] a title\n>  in "
		  "two\n> \n",
		  "> ",
		  "From: Own Er <o@example.org>\nDate: Wed, 20 Dec 2023 23:44:24 "
		  "+0100\nSubject: [PATCH] a title in two\n",
		  "author:" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		_cleanup_(rq_str_release) struct rq_str text = { 0 };
		_cleanup_free_ char *got = NULL;

		rq_str_adds(&text, REPLY_HEAD("Re: [PATCH] t", ""));
		rq_str_adds(&text, samples[i].lead);
		add_quote(&text, samples[i].mark, WORDS EDIT);
		got = rebuilt(*state, text.s);
		if (!strstr(got, samples[i].has) ||
		    (samples[i].lacks && strstr(got, samples[i].lacks)) ||
		    !strstr(got, "\n one\n-two\n+three\n"))
			fail_msg("sample %zu:\n%s", i, got);
	}
}

/* Encodings, soft line ends, wide blanks, a second patch, and words without a mark. */
static void quotes_come_in_many_forms(void **state)
{
#define LEAD "On Wed, 20 Dec 2023, A U Thor wrote:\n"
#define MIME(rest) "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8" rest "\n"
#define FILE_B "> --- a/b.c\n> +++ b/b.c\n"
#define QUOTED "> Signed-off-by: A U Thor <a@example.org>\n> ---\n" FILE_A HUNK
	static const struct {
		const char *text, *has, *lacks;
	} samples[] = {
		/* "On ..., A U Thor wrote:" and QUOTED */
		{ REPLY_HEAD(
			  "=?UTF-8?q?Re=3A_=5BPATCH=5D_f=C3=BCr?=\n =?UTF-8?q?_alle?=",
			  MIME("") "Content-Transfer-Encoding: base64\n") "T24gV2VkLCAyMC"
									  "BEZWMgMjAyMywg"
									  "QSBVIFRob3Igd3"
									  "JvdGU6Cj4gU2ln"
									  "bmVkLW9mZi1ieT"
									  "ogQSBV\n"
									  "IFRob3IgPGFAZX"
									  "hhbXBsZS5vcmc+"
									  "Cj4gLS0tCj4gZG"
									  "lmZiAtLWdpdCBh"
									  "L2EuYyBiL2EuYw"
									  "o+IC0t\n"
									  "LSBhL2EuYwo+"
									  "ICsrKyBiL2EuYw"
									  "o+"
									  "IEBAIC0xLDIgKz"
									  "EsMiBAQAo+"
									  "ICBvbmUKPiAtdH"
									  "dvCj4gK3Ro\n"
									  "cmVlCg==\n",
		  "Subject: [PATCH] für alle\n", "author:" },
		{ REPLY_HEAD("Re: t", MIME("; format=flowed")) LEAD QUOTED
		  "> @@ -8,1 +8,2 @@\n>  x\n> +a \n> b \n> c\nWords \nof mine\n",
		  "\n x\n+a b c\n", NULL },
		{ REPLY_HEAD("Re: t", MIME("; format=flowed; delsp=yes")) LEAD QUOTED
		  "> @@ -8,1 +8,2 @@\n>  x\n> +a \n> b  \n> c\n",
		  "\n x\n+ab c\n", NULL },
		{ REPLY_HEAD("Re: [PATCH] [media] t", MIME("")) LEAD
		  ">\302\240--- a/a.c\n>\302\240+++ b/a.c\n>\302\240@@ -1,2 +1,2 @@\n"
		  ">\302\240\302\240one\n> -two\n> +thr\302\240ee\n",
		  "Subject: [PATCH] [media] t\n", "\302\240" },
		{ REPLY_HEAD("Re: t", "") LEAD QUOTED
		  "> -- \n> 2.40\n> \n> From: B "
		  "<b@example.org>\n> Subject: [PATCH 2/2] "
		  "u\n> \n> Too.\n> ---\n" FILE_B HUNK,
		  "From: B <b@example.org>\nSubject: [PATCH] u\n", "\n2.40" },
		{ REPLY_HEAD("Re: t", "") LEAD QUOTED
		  "\nFine.\n\nOn Thu, B wrote:\n> Too.\n> \n> Signed-off-by: B "
		  "<b@example.org>\n> ---\n" FILE_B HUNK,
		  "From: B <b@example.org>\nSubject: [PATCH] quoted\nIncomplete: title: ",
		  "author:" },
		/* tabs make a line as long as it is shown; a short one is in doubt */
		{ REPLY_HEAD("Re: t", "") LEAD "> Signed-off-by: A U Thor\n" FILE_A
					       "> @@ -1,2 +1,3 @@\n>  one\n> "
					       "+\t\t\ta_call_of_something(with_words,\n"
					       "and_more_words);\n>  two\n",
		  "a_call_of_something(with_words, and_more_words);\n",
		  "may be the rest" },
		{ REPLY_HEAD("Re: t", "") LEAD
		  "> Signed-off-by: A U Thor\n" FILE_A
		  "> @@ -1,2 +1,3 @@\n>  one\n> +f(a,\nb);\n>  "
		  "two\n",
		  "Incomplete: a.c hunk 1: 'b);' has no quote mark and may be the rest",
		  NULL },
		{ REPLY_HEAD("Re: t", "") LEAD QUOTED,
		  "said: t: the quote does not have the date", NULL },
		{ REPLY_HEAD("Re: t", "") LEAD
		  "> Acked-by: B <b...@example.org>\n" QUOTED,
		  "said: t: 'Acked-by: B <b...@example.org>' has no readable address\n",
		  NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		_cleanup_free_ char *got = rebuilt(*state, samples[i].text);

		if (!strstr(got, samples[i].has) ||
		    (samples[i].lacks && strstr(got, samples[i].lacks)))
			fail_msg("sample %zu:\n%s", i, got);
	}
}

static void other_marks_of_quotes(void **state)
{
	static const char text[] =
		"Subject: Re: [PATCH] t\nFrom: R <r@example.org>\nDate: Wed, 20 Dec "
		"2023 23:44:24 +0100\n\n| Why.\n| \n| Signed-off-by: A "
		"<a@example.org>\n| ---\n"
		"| --- a/a.c\n| +++ b/a.c\n| @@ -1,2 +1,2 @@\n|  one\n| -two\n| +three\n";
	struct scratch *s = *state;
	_cleanup_free_ char *path = rq_xasprintf("%s/mail", s->dir);
	struct rq_import import = { 0 };

	write_file(s, "mail", text, strlen(text));
	assert_true(rq_is_quoted(path));
	assert_ok(s, rq_import_quoted(&import, path, NULL, 0, &s->err));
	assert_non_null(strstr(import.patches.v[0].bytes.s,
			       "\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"));
	rq_import_release(&import);
}

/* What a quoted diff has without a hunk is in the patch, or said to be missing. */
static void diffs_without_hunks(void **state)
{
#define GIT(old, new) "> diff --git a/" old " b/" new "\n"
#define RENAME                                                     \
	GIT("o.c", "n.c")                                          \
	"> similarity index 100%\n> rename from o.c\n> rename to " \
	"n.c\n"
#define MODE GIT("m.sh", "m.sh") "> old mode 100644\n> new mode 100755\n"
#define LACKS(path) "Incomplete: " path ": its diff has no hunk here\n"
	static const struct {
		const char *diff, *has, *lacks;
	} samples[] = {
		{ RENAME,
		  "\n+three\ndiff --git a/o.c b/n.c\nsimilarity index 100%\nrename "
		  "from o.c\nrename to n.c\n",
		  "no hunk" },
		{ RENAME MODE "> -- \n> 2.40\n",
		  "rename to n.c\ndiff --git a/m.sh b/m.sh\n"
		  "old mode 100644\nnew mode 100755\n",
		  "2.40" },
		{ GIT("e",
		      "e") "> new file mode 100644\n> index 000000000000..e69de29bb2d1\n",
		  "\nnew file mode 100644\nindex", "no hunk" },
		{ GIT("g.c",
		      "g.c") "> deleted file mode 100644\n> index 123456..000000\n",
		  LACKS("g.c"), "deleted file" },
		{ GIT("o.c",
		      "n.c") "> similarity index 90%\n> rename from o.c\n> rename to "
			     "n.c\n> index 12..34 100644\n> --- a/o.c\n> +++ b/n.c\n",
		  LACKS("n.c"), "rename" },
		{ GIT("l.png",
		      "l.png") "> index 12..34 100644\n> GIT binary patch\n> literal "
			       "3\n> Kcm\n",
		  LACKS("l.png"), "literal" },
		{ "> --- a/b.c\n> +++ b/b.c\n", LACKS("b.c"), "+++ b/b.c" },
		/* in front of one that has a hunk */
		{ GIT("g.c", "g.c") "> deleted file mode 100644\n> index 12..00\n" MODE
			  GIT("b.c", "b.c") FILE_B HUNK,
		  LACKS("g.c"), "deleted file" },
		{ "> --- a/x.c\n> +++ b/x.c\n" FILE_B HUNK, LACKS("x.c"), "+++ b/x.c" },
		/* after the end of the patch */
		{ "> -- \n> 2.40\n> \n" RENAME, LACKS("n.c"), "rename" },
		{ "\nOn Thu, B wrote:\n\n" GIT("g.c",
					       "g.c") "> deleted file mode 100644\n",
		  LACKS("g.c"), "deleted file" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		_cleanup_free_ char *text =
			rq_xasprintf("%s%s%s\nFine.\n", REPLY_HEAD("Re: t", "") LEAD,
				     QUOTED, samples[i].diff);
		_cleanup_free_ char *got = rebuilt(*state, text);

		if (!strstr(got, samples[i].has) || strstr(got, samples[i].lacks))
			fail_msg("sample %zu:\n%s", i, got);
	}
}

/* A patch ends at the line in front of another quote, and not at a remark that ends like one. */
static void remarks_cut_no_patch(void **state)
{
#define SECOND "> Too.\n> \n> Signed-off-by: B <b@example.org>\n> ---\n" FILE_B HUNK
#define MORE "> @@ -10,2 +10,2 @@\n>  ten\n> -twelve\n> +dozen\n"
#define ALL ">  a.c | 2 +-\n>  1 file changed, 1 insertion(+), 1 deletion(-)\n> \n"
#define END "Incomplete: end: another quote begins there"
	static const struct {
		const char *stat, *rest;
		bool cut, incomplete;
	} samples[] = {
		{ "", "Hm, that is not what you wrote:\n\n" MORE, false, false },
		{ "", "And in 6.1.55 you wrote:\n\n" MORE, false, false },
		{ "", "Of 2 lines and 2048 bytes the committee writes:\n\n" FILE_B HUNK,
		  false, false },
		{ "", "@all, as Bob wrote:\n\n" FILE_B HUNK, false, false },
		{ "", "As Bob wrote:\n>> Words of his.\n" MORE, false, false },
		{ "", "B <b@example.org> wrote:\n" SECOND, true, true },
		{ "", "On Thu, B wrote:\n" SECOND, true, true },
		{ "", "At 23:44, B wrote:\n" SECOND, true, true },
		{ "", "Am 20.12.23 schrieb B:\n" SECOND, true, true },
		{ "", "On 20 Dec 2023 B\nwrote:\n" SECOND, true, true },
		{ ALL, "B <b@example.org> wrote:\n" SECOND, true, false },
		{ ">  a.c | 2 +-\n>  2 files changed\n> \n", "On Thu, B wrote:\n" SECOND,
		  true, true },
		/* another level */
		{ "",
		  "B wrote:\n>> --- a/b.c\n>> +++ b/b.c\n>> @@ -1 +1 @@\n>> -a\n>> +b\n",
		  true, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		_cleanup_free_ char *text = rq_xasprintf(
			"%s> Signed-off-by: A U Thor <a@example.org>\n> ---\n%s%s\n%s",
			REPLY_HEAD("Re: t", "") LEAD, samples[i].stat, FILE_A HUNK,
			samples[i].rest);
		_cleanup_free_ char *got = rebuilt(*state, text);
		bool cut = strstr(got, "\nSubject: [PATCH] quoted\n");

		if (cut != samples[i].cut || !!strstr(got, END) != samples[i].incomplete)
			fail_msg("sample %zu:\n%s", i, got);
	}
}

/* Twice the lines take twice the time; what grows with the square takes minutes here. */
static void a_long_quote_takes_no_long_time(void **state)
{
	static const char *const lines[] = { "> +" LONG_ "\n", "> +" LONG_ "\n> rest\n" };
	const long n = 80000;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		_cleanup_(rq_str_release) struct rq_str text = { 0 };
		_cleanup_free_ char *got = NULL;
		clock_t start;

		rq_str_adds(&text, QUOTE("A B") FILE_A);
		rq_str_addf(&text, "> @@ -1,1 +1,%ld @@\n>  one\n", n + 1);
		for (long k = 0; k < n; k++)
			rq_str_adds(&text, lines[i]);
		start = clock();
		got = rebuilt(*state, text.s);
		assert_true(clock() - start < 6 * CLOCKS_PER_SEC);
		assert_non_null(
			strstr(got, i ? "\n+" LONG_ " rest\n+" : "\n+" LONG_ "\n+"));
		assert_null(strstr(got, "lines are here"));
	}
}

int main(void)
{
#define SCRATCH(test) \
	cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		SCRATCH(quotes_say_what_is_missing),
		SCRATCH(quotes_name_their_author),
		SCRATCH(quotes_come_in_many_forms),
		SCRATCH(other_marks_of_quotes),
		SCRATCH(diffs_without_hunks),
		SCRATCH(remarks_cut_no_patch),
		SCRATCH(a_long_quote_takes_no_long_time),
	};

	return cmocka_run_group_tests_name("quotes", tests, NULL, NULL);
}
