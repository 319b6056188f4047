// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debian's dialect, by the rules of DEP-3.
 */
#include "emit/dialect_internal.h"

#include <ctype.h>

/* A word at the start, with nothing of a word behind it. */
static bool begins(struct rq_slice text, const char *word)
{
	size_t n = strlen(word);

	return rq_slice_starts(text, word) &&
	       (text.n == n || !isalnum((unsigned char)text.p[n]));
}

static bool is_url(struct rq_slice text)
{
	return (rq_slice_starts(text, "http://") || rq_slice_starts(text, "https://")) &&
	       !memchr(text.p, ' ', text.n);
}

/* A remark of whoever took it over says that it was changed: a backport. */
static bool has_remark(const struct rq_facts *facts)
{
	struct rq_slice rest = facts->body, line;

	while (rq_slice_next_line(&rest, &line)) {
		if (line.n && line.p[0] == '[' && !rq_upstream_line(line) &&
		    rq_slice_ends(rq_slice_trim(line), "]"))
			return true;
	}
	return false;
}

static void dep3_fields(struct rq_str *out, const struct rq_facts *facts)
{
	if (*facts->upstream.hex && !rq_facts_has(facts, "Origin"))
		rq_str_addf(out, "Origin: %s, commit:%s\n",
			    has_remark(facts) ? "backport" : "upstream",
			    facts->upstream.hex);
}

static void check_origin(const struct rq_lint *lint)
{
	static const char *const words[] = { "upstream", "backport", "vendor", "other" };
	struct rq_head_value value;

	if (!rq_facts_value(&value, lint->facts, "Origin")) {
		if (!lint->facts->header.author_name)
			rq_lint_report(lint, 0,
				       "neither Origin: nor Author:; where is it from?");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (begins(value.text, words[i]))
			return;
	}
	/* DEP-3 asks for a word in front; Debian's own queue has URLs alone, and may. */
	if (!is_url(value.text) && !rq_slice_starts(value.text, "commit:"))
		rq_lint_report(
			lint, value.line,
			"Origin: is upstream, backport, vendor or other, or a URL or "
			"commit");
}

static void check_forwarded(const struct rq_lint *lint)
{
	struct rq_head_value value;

	if (rq_facts_value(&value, lint->facts, "Forwarded") &&
	    !begins(value.text, "no") && !begins(value.text, "yes") &&
	    !begins(value.text, "not-needed") && !is_url(value.text))
		rq_lint_report(lint, value.line,
			       "Forwarded: is no, not-needed, yes or a URL");
}

static int check_bug_line(struct rq_slice value, long line, void *ctx, struct rq_err *err)
{
	(void)err;
	if (!is_url(value))
		rq_lint_report(ctx, line, "a bug is named by its URL");
	return 0;
}

static void check_bug(const struct rq_lint *lint)
{
	static const char *const names[] = { "Bug", "Bug-Debian", "Bug-Ubuntu" };
	struct rq_err ignored;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		rq_head_each(lint->facts->patch->head, names[i], check_bug_line,
			     (void *)lint, &ignored);
}

static bool is_day(struct rq_slice text)
{
	static const char form[] = "dddd-dd-dd";

	if (text.n != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (form[i] == 'd' ? !isdigit((unsigned char)text.p[i])
				   : text.p[i] != form[i])
			return false;
	}
	return strncmp(text.p + 5, "01", 2) >= 0 && strncmp(text.p + 5, "12", 2) <= 0 &&
	       strncmp(text.p + 8, "01", 2) >= 0 && strncmp(text.p + 8, "31", 2) <= 0;
}

static void check_last_update(const struct rq_lint *lint)
{
	struct rq_head_value value;

	if (rq_facts_value(&value, lint->facts, "Last-Update") && !is_day(value.text))
		rq_lint_report(lint, value.line, "Last-Update: is a day: YYYY-MM-DD");
}

static const struct rq_lint_rule dep3_rules[] = {
	{ "dep3-origin", check_origin },
	{ "dep3-forwarded", check_forwarded },
	{ "dep3-bug", check_bug },
	{ "dep3-last-update", check_last_update },
	{ 0 },
};

const struct rq_dialect rq_dialect_dep3 = {
	.name = "dep3",
	.fields = dep3_fields,
	.rules = dep3_rules,
	.unsigned_is_fine = true,
};
