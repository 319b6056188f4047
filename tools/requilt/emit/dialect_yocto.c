// SPDX-License-Identifier: GPL-2.0-only
/*
 * Yocto's dialect, by its guide to Upstream-Status.
 */
#include "emit/dialect_internal.h"

#include <ctype.h>

static void yocto_trailers(struct rq_str *out, const struct rq_facts *facts)
{
	if (*facts->upstream.hex && !rq_facts_has(facts, "Upstream-Status"))
		rq_str_addf(out, "Upstream-Status: Backport [%s]\n", facts->upstream.hex);
}

static void check_status(const struct rq_lint *lint)
{
	static const struct {
		const char *word;
		bool reason; /* "[...]" has to follow */
	} words[] = {
		{ "Pending", false },		{ "Submitted", true },
		{ "Backport", false },		{ "Denied", false },
		{ "Inactive-Upstream", false }, { "Inappropriate", true },
	};
	struct rq_head_value value;

	if (!rq_facts_value(&value, lint->facts, "Upstream-Status")) {
		rq_lint_report(lint, 0,
			       "no Upstream-Status:; what became of it upstream?");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct rq_slice rest = value.text;

		if (!rq_slice_eq(rq_slice_next_word(&rest), rq_slice_of(words[i].word)))
			continue;
		if (words[i].reason && !(rq_slice_starts(rest, "[") && rest.n > 2 &&
					 rq_slice_ends(rest, "]")))
			rq_lint_report(lint, value.line,
				       "Upstream-Status: says where or why in brackets");
		return;
	}
	rq_lint_report(lint, value.line,
		       "Upstream-Status: is Pending, Submitted, Backport, Denied, "
		       "Inactive-Upstream "
		       "or Inappropriate");
}

/* "CVE-2024-12345", without what would make it another word. */
static bool names_cve(struct rq_slice text)
{
	for (size_t i = 0; i + 10 < text.n; i++) {
		struct rq_slice at = { text.p + i, text.n - i };

		if (rq_slice_starts(at, "CVE-") && isdigit((unsigned char)at.p[4]) &&
		    isdigit((unsigned char)at.p[7]) && at.p[8] == '-' &&
		    isdigit((unsigned char)at.p[9]))
			return true;
	}
	return false;
}

static void check_cve(const struct rq_lint *lint)
{
	struct rq_slice message = rq_slice_of(lint->facts->header.message);

	if (names_cve(message) && !rq_facts_has(lint->facts, "CVE"))
		rq_lint_report(lint, 0,
			       "the text names a CVE; say 'CVE: CVE-...' on a line");
}

static const struct rq_lint_rule yocto_rules[] = {
	{ "yocto-upstream-status", check_status },
	{ "yocto-cve", check_cve },
	{ 0 },
};

const struct rq_dialect rq_dialect_yocto = {
	.name = "yocto",
	.trailers = yocto_trailers,
	.rules = yocto_rules,
};
