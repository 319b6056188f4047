// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reasons: each code has a word of its own and a sentence, the fields go where the sentence has them,
 * and the manual lists all codes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "record/record.h"
#include "util/file.h"

static char *sentence_of(const struct rq_reason *reason)
{
	struct rq_str out = { 0 };

	rq_reason_print(&out, reason);
	return out.s;
}

/* Every field is set: no brace and no bracket of the sentence may be left. */
static void each_code_has_a_sentence(void **state)
{
	long one[] = { 3 };
	char *missing[] = { "gone" };

	(void)state;
	for (int code = RQ_REASON_NEAR; code < RQ_REASONS; code++) {
		const struct rq_reason all = { .code = (enum rq_reason_code)code,
					       .line = 1,
					       .other = 2,
					       .count = 4,
					       .of = 5,
					       .more = 6,
					       .hunk = 7,
					       .stated = 8,
					       .lines = { one, 1, 1 },
					       .name = "name",
					       .around = "around",
					       .renamed = "renamed",
					       .text = "text",
					       .want = "want",
					       .missing = { { missing, 1, 1 } } };
		const struct rq_reason none = { .code = (enum rq_reason_code)code };
		char *full = sentence_of(&all), *empty = sentence_of(&none);

		assert_non_null(full);
		assert_non_null(empty);
		assert_null(strpbrk(full, "{}[]"));
		assert_null(strpbrk(empty, "{}[]"));
		free(full);
		free(empty);
		for (int other = RQ_REASON_NONE; other < code; other++)
			assert_string_not_equal(
				rq_reason_word((enum rq_reason_code)code),
				rq_reason_word((enum rq_reason_code)other));
	}
}

static void fields_stand_where_they_belong(void **state)
{
	static const struct {
		struct rq_reason reason;
		const char *sentence;
	} samples[] = {
		{ { .code = RQ_REASON_NEIGHBOURS_APART, .line = 17, .other = 19 },
		  "its neighbours are apart: the line above it is at line 17, the one "
		  "below at line 19" },
		{ { .code = RQ_REASON_NEAR,
		    .line = 7,
		    .count = 6,
		    .of = 7,
		    .other = 9,
		    .text = "",
		    .want = "x" },
		  "best match at line 7, 6 of 7 lines equal; line 9 has '' where the "
		  "patch has 'x'" },
		{ { .code = RQ_REASON_NEAR,
		    .line = 7,
		    .count = 6,
		    .of = 7,
		    .other = 9,
		    .text = "y",
		    .more = 2 },
		  "best match at line 7, 6 of 7 lines equal; line 9 has 'y', which the "
		  "patch does not have; lines that differ besides: 2" },
		{ { .code = RQ_REASON_NEAR, .line = 7, .count = 6, .of = 7, .want = "x" },
		  "best match at line 7, 6 of 7 lines equal; 'x' is missing" },
		{ { .code = RQ_REASON_ELSEWHERE,
		    .line = 3,
		    .around = "a()",
		    .name = "b()" },
		  "fits at line 3 only, in a(); b() is not in this file" },
		{ { .code = RQ_REASON_ELSEWHERE,
		    .line = 3,
		    .more = 1,
		    .name = "b()",
		    .other = 9 },
		  "fits at line 3, above the first definition in the file; b(), which it "
		  "names, is at line 9" },
		{ { .code = RQ_REASON_PRESENT_ELSEWHERE,
		    .line = 3,
		    .around = "a()",
		    .stated = 5,
		    .name = "b()",
		    .renamed = "a()" },
		  "its new text stands at line 3, in a(), not at line 5 as stated; b() "
		  "is not in this file, and a() is not in the source: it may be renamed; "
		  "look there, then leave the entry out or give it a Present-if" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		char *got = sentence_of(&samples[i].reason);

		assert_string_equal(got, samples[i].sentence);
		free(got);
	}
}

static void a_hunk_says_its_reason_and_what_it_lacks(void **state)
{
	struct rq_reason why = { .code = RQ_REASON_ABSENT };
	struct rq_lack lacks[] = { { .kind = RQ_LACK_CALL, .name = "f" },
				   { .kind = RQ_LACK_UNASKED, .name = "" } };
	struct rq_hunk_record hunk = { .why = &why, .lacks = { lacks, 2, 2 } };
	struct rq_str out = { 0 };

	(void)state;
	rq_hunk_print(&out, &hunk, "6.1");
	assert_string_equal(out.s,
			    "no line that it removes is in the file; adds a call of f(), "
			    "which 6.1 does not have; too many names are in doubt: not "
			    "all of what it adds was looked for; split the patch");
	rq_str_release(&out);
}

/* 60 bytes, but no part of a character; blanks at the ends are left out. */
static void a_line_is_cut_between_characters(void **state)
{
	struct rq_str text = { 0 };
	char *line;

	(void)state;
	rq_str_adds(&text, "\t");
	for (int i = 0; i < 59; i++)
		rq_str_adds(&text, "x");
	rq_str_adds(&text, "\xc3\xa9y\n");
	line = rq_reason_line(rq_str_slice(&text));
	assert_int_equal(strlen(line), 59);
	free(line);
	text.s[1] = ' ';
	line = rq_reason_line(rq_str_slice(&text));
	assert_int_equal(strlen(line), 60);
	free(line);
	rq_str_release(&text);
}

static void the_manual_lists_all_codes(void **state)
{
	struct rq_str manual = { 0 };
	struct rq_err err = { 0 };

	(void)state;
	assert_int_equal(rq_file_read(&manual, "tools/man/requilt.1.scd", &err), 0);
	for (int code = RQ_REASON_NEAR; code < RQ_REASONS; code++) {
		struct rq_str row = { 0 };

		rq_str_addf(&row,
			    "|  %s\n:  ", rq_reason_word((enum rq_reason_code)code));
		if (!strstr(manual.s, row.s))
			fail_msg("the manual does not list '%s'",
				 rq_reason_word((enum rq_reason_code)code));
		rq_str_release(&row);
	}
	for (size_t i = 0; i < RQ_REASON_FIELDS; i++) {
		struct rq_str field = { 0 };

		rq_str_addf(&field, "_%s_", rq_reason_fields[i].name);
		if (!strstr(manual.s, field.s))
			fail_msg("the manual does not name '%s'",
				 rq_reason_fields[i].name);
		rq_str_release(&field);
	}
	rq_str_release(&manual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_code_has_a_sentence),
		cmocka_unit_test(fields_stand_where_they_belong),
		cmocka_unit_test(a_hunk_says_its_reason_and_what_it_lacks),
		cmocka_unit_test(a_line_is_cut_between_characters),
		cmocka_unit_test(the_manual_lists_all_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
