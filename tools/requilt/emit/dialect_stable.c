// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dialect of stable trees, by the rules of stable-kernel-rules.
 */
#include "emit/dialect_internal.h"

static void stable_front(struct rq_str *out, const struct rq_facts *facts)
{
	if (*facts->upstream.hex && !facts->upstream.line)
		rq_str_addf(out, "commit %s upstream.\n\n", facts->upstream.hex);
}

static void check_upstream_line(const struct rq_lint *lint)
{
	struct rq_slice rest = lint->facts->body, first = { 0 };

	rq_slice_next_line(&rest, &first);
	if (!lint->facts->upstream.line)
		rq_lint_report(
			lint, 0,
			"no 'commit <id> upstream.' below the title; which commit is it "
			"upstream?");
	else if (!rq_upstream_line(first))
		rq_lint_report(
			lint, lint->facts->upstream.line,
			"the upstream commit is not the first line below the title");
	else if (!*lint->facts->upstream.hex && !lint->facts->upstream.differs_at)
		rq_lint_report(lint, lint->facts->upstream.line,
			       "the upstream commit has no full id of 40 digits");
}

static void check_last_signed(const struct rq_lint *lint)
{
	struct rq_slice rest = lint->facts->body, line, last = { 0 };

	while (rq_slice_next_line(&rest, &line))
		last = line;
	if (rq_facts_has(lint->facts, "Signed-off-by") &&
	    !rq_slice_starts(last, "Signed-off-by:"))
		rq_lint_report(lint, 0,
			       "the last line of the message is not a Signed-off-by");
}

static void check_size(const struct rq_lint *lint)
{
	size_t n = 0;

	for (size_t i = 0; i < lint->facts->patch->n_files; i++)
		for (size_t k = 0; k < lint->facts->patch->files[i].n_hunks; k++)
			n += lint->facts->patch->files[i].hunks[k].n_lines;
	if (n > 100) {
		_cleanup_free_ char *what = rq_xasprintf(
			"%zu lines with context; stable trees take 100 at most", n);

		rq_lint_report(lint, 0, what);
	}
}

static const struct rq_lint_rule stable_rules[] = {
	{ "stable-upstream-commit", check_upstream_line },
	{ "stable-last-signed-off", check_last_signed },
	{ "stable-size", check_size },
	{ 0 },
};

const struct rq_dialect rq_dialect_stable = {
	.name = "stable",
	.front = stable_front,
	.rules = stable_rules,
};
